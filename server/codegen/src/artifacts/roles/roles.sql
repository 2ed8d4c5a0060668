GRANT USAGE ON SCHEMA app, mutation_metadata TO specql_application;

GRANT USAGE ON SCHEMA app TO specql_auditor, specql_cdc, specql_consumer;

-- The functions of a schema that have one of these names.
CREATE OR REPLACE FUNCTION app.grant_functions(p_schema name, p_names text[], p_role name) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_function regprocedure;
BEGIN
    FOR v_function IN
        SELECT f.oid FROM pg_proc AS f JOIN pg_namespace AS n ON n.oid = f.pronamespace
        WHERE n.nspname = p_schema AND f.proname = ANY (p_names) AND f.prokind = 'f'
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, p_role);
    END LOOP;
END
$specql$;

REVOKE ALL ON FUNCTION app.grant_functions(name, text[], name) FROM PUBLIC;

-- What the actions call in `app`, and no maintenance: that is the owner's.
DO $specql$
DECLARE
    v_names text[];
    v_function regprocedure;
BEGIN
    SELECT array_agg(DISTINCT f.proname) INTO v_names
    FROM pg_proc AS f
    WHERE f.pronamespace = 'app'::regnamespace AND f.prorettype <> 'trigger'::regtype
        AND f.proname !~ '^(maintain|ensure|drop|guard|copy|update|add|validate|settle|refuse|grant|publish|complete|erase|verify)_|^partitions$'
        AND f.proname !~ '^(replay_outbox(_in_pages)?|events_to_replay|receive_event|take_event|park_event|resolve_parked_events?|discard_parked_event)$'
        AND f.proname !~ '^get_.*(_audit_|mutation(s|_changes)?$)|^(audit_(tables|digest)|trails|other_entities)$';
    PERFORM app.grant_functions('app', v_names, 'specql_application');
    SELECT array_agg(DISTINCT f.proname) INTO v_names
    FROM pg_proc AS f
    WHERE f.pronamespace = 'app'::regnamespace AND f.proname ~ '^(get_.*(_audit_|mutation(s|_changes)?$)|current_|as_uuid$|is_uuid$)|^(describe_change|verify_erasure|audit_tables|audit_digest|trails|other_entities|bare_name|image_rest|erased_image)$';
    PERFORM app.grant_functions('app', v_names, 'specql_auditor');
    -- These read the trail with the rights of who calls them, who may see a part of it only.
    FOR v_function IN
        SELECT f.oid FROM pg_proc AS f
        WHERE f.pronamespace = 'app'::regnamespace AND f.proname ~ '^get_.*(_audit_|mutation(s|_changes)?$)'
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
    END LOOP;
END
$specql$;
