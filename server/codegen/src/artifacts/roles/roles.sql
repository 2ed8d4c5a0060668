GRANT USAGE ON SCHEMA app, mutation_metadata TO specql_application;

GRANT USAGE ON SCHEMA app TO specql_auditor, specql_cdc, specql_consumer;

-- Grants functions by name and parameters: those of them that are there.
CREATE OR REPLACE FUNCTION app.grant_execute(p_functions text[], p_role name) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_function regprocedure;
BEGIN
    FOR v_function IN SELECT to_regprocedure(f) FROM unnest(p_functions) AS f WHERE to_regprocedure(f) IS NOT NULL LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, p_role);
    END LOOP;
END
$specql$;

REVOKE ALL ON FUNCTION app.grant_execute(text[], name) FROM PUBLIC;

-- Functions that read with the rights of who calls them, who may see a part only.
CREATE OR REPLACE FUNCTION app.keep_from_public(p_functions text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_function regprocedure;
BEGIN
    FOR v_function IN SELECT to_regprocedure(f) FROM unnest(p_functions) AS f WHERE to_regprocedure(f) IS NOT NULL LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
    END LOOP;
END
$specql$;

REVOKE ALL ON FUNCTION app.keep_from_public(text[]) FROM PUBLIC;
