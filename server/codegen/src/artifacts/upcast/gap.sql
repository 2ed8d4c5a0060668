CREATE SCHEMA IF NOT EXISTS app;

-- What a member is in a newer version where nothing says so. Yours to replace: it is made once, and left
-- alone afterwards. p_old is the whole payload, p_inside the object that the member stands in.
DO $specql$
BEGIN
    IF to_regprocedure('app.upcast_gap(text, integer, text, jsonb, jsonb)') IS NULL THEN
        CREATE FUNCTION app.upcast_gap(
            p_event_type text, p_version integer, p_member text, p_old jsonb, p_inside jsonb
        ) RETURNS jsonb
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
        AS $gap$
        BEGIN
            RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format(
                'nothing says what `%s` is of an event `%s` of version %s', p_member, p_event_type, p_version
            ), HINT = 'replace app.upcast_gap by a function that says it';
        END
        $gap$;
    END IF;
END
$specql$;
