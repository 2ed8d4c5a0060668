-- Removes functions that have the name of one of these and other parameters: those of an earlier release.
CREATE OR REPLACE FUNCTION app.drop_overloads(p_functions regprocedure[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_function regprocedure;
BEGIN
    FOR v_function IN
        SELECT DISTINCT f.oid
        FROM pg_proc AS f
        JOIN pg_proc AS k ON k.pronamespace = f.pronamespace AND k.proname = f.proname
        WHERE k.oid = ANY (p_functions) AND f.oid <> ALL (p_functions)
    LOOP
        BEGIN
            EXECUTE format('DROP ROUTINE %s', v_function);
        EXCEPTION WHEN dependent_objects_still_exist THEN
            RAISE WARNING '% is of an earlier release and stays, because something else uses it', v_function;
        END;
    END LOOP;
END
$specql$;

REVOKE ALL ON FUNCTION app.drop_overloads(regprocedure[]) FROM PUBLIC;
