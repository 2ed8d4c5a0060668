-- The one way in which a step fails: a code, a message for people, and the field that it is about.
CREATE OR REPLACE FUNCTION app.fail(p_code text, p_message text, p_field text DEFAULT '') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'SPQ01', DETAIL = p_code, MESSAGE = p_message, COLUMN = p_field;
END
$specql$;

-- A reference by an id out of JSON that no row has; without an id it refers to nothing.
CREATE OR REPLACE FUNCTION app.no_row(message$ text, field$ text, id$ text) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    IF id$ IS NOT NULL THEN
        PERFORM app.fail('not_found', message$, field$);
    END IF;
    RETURN NULL;
END
$specql$;

-- The first line of an action: what it knows of its caller, and the mutation that its changes belong
-- to. It stands inside the block that a failure undoes, so the setting is undone with it.
CREATE OR REPLACE FUNCTION app.begin_action(input$ jsonb) RETURNS app.context
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    user$ text := nullif(current_setting('app.user_id', true), '');
    correlation$ text := nullif(current_setting('app.correlation_id', true), '');
    trace$ text := nullif(current_setting('app.traceparent', true), '');
    tenant$ uuid := app.current_tenant_id();
    outer$ text := current_setting('app.mutation_id', true);
    id$ uuid := set_config('app.mutation_id', gen_random_uuid()::text, true)::uuid;
    labels$ jsonb;
BEGIN
    IF tenant$ IS NULL THEN
        PERFORM app.fail('forbidden', 'the session names no tenant');
    END IF;
    IF jsonb_typeof(input$) IS DISTINCT FROM 'object' THEN
        PERFORM app.fail('validation', 'the input has to be an object');
    END IF;
    IF num_nonnulls(user$, correlation$, trace$) > 0 THEN
        labels$ := nullif(jsonb_strip_nulls(jsonb_build_object(
            'user', CASE WHEN NOT app.is_uuid(user$) THEN user$ END,
            'correlation', CASE WHEN NOT app.is_uuid(correlation$) THEN correlation$ END,
            'trace', CASE WHEN app.current_traceparent() IS NULL THEN trace$ END
        )), '{}'::jsonb);
    END IF;
    IF trace$ IS NULL OR labels$ ? 'trace' THEN
        trace$ := '00-' || replace(id$::text, '-', '')
            || '-' || left(replace(gen_random_uuid()::text, '-', ''), 16) || '-01';
    END IF;
    RETURN ROW(
        id$, outer$, tenant$, app.as_uuid(user$), coalesce(app.as_uuid(correlation$), gen_random_uuid()),
        app.current_causation_id(), gen_random_uuid(), trace$, labels$
    )::app.context;
END
$specql$;
