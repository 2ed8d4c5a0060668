-- Which input does not fit its type? Only a failure pays for the question, and only here is SQL put
-- together while it runs.
CREATE OR REPLACE FUNCTION app.unfit_input(inputs$ jsonb, input$ jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    name$ text;
    declared$ jsonb;
    value$ jsonb;
    reader$ text;
BEGIN
    FOR name$, declared$ IN SELECT e$.key, e$.value FROM jsonb_each(inputs$) AS e$ LOOP
        SELECT input$ -> s$.name INTO value$
        FROM jsonb_array_elements_text(declared$ -> 'names') AS s$(name)
        WHERE input$ ->> s$.name IS NOT NULL
        LIMIT 1;
        CONTINUE WHEN NOT FOUND;
        reader$ := CASE
            WHEN declared$ ->> 'type' ~ '^(date|time)' THEN 'app.moment'
            WHEN declared$ ->> 'type' ~ '^interval[^[]*$' THEN 'app.duration'
            WHEN declared$ ->> 'type' ~ '^(smallint|integer|bigint|numeric|decimal)[^[]*$' THEN 'app.digits'
            ELSE ''
        END;
        BEGIN
            IF declared$ ? 'list' THEN
                EXECUTE format(
                    'SELECT count(%s(e.item #>> ''{}'')::%s) FROM jsonb_array_elements($1) AS e(item)',
                    reader$, declared$ ->> 'type'
                ) USING value$;
            ELSE
                EXECUTE format('SELECT %s($1)::%s', reader$, declared$ ->> 'type') USING value$ #>> '{}';
            END IF;
        EXCEPTION WHEN data_exception THEN
            RETURN name$;
        END;
    END LOOP;
    -- Then it stands inside a list or an object.
    RETURN (
        SELECT e$.key FROM jsonb_each(inputs$) AS e$
        WHERE e$.value ->> 'type' = 'jsonb' AND input$ ?| ARRAY(SELECT jsonb_array_elements_text(e$.value -> 'names'))
        LIMIT 1
    );
END
$specql$;

-- What a caller sees of an action that was undone: a code, a message of ours, the field that it is
-- about, and a cascade that says that nothing changed. Which constraint it was goes to the log.
CREATE OR REPLACE FUNCTION app.failed_action(
    spec$ jsonb, input$ jsonb, state$ text, message$ text,
    code$ text, column$ text, constraint$ text, schema$ text, table$ text
) RETURNS app.mutation_result
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    result$ app.mutation_result;
    field$ text := nullif(regexp_replace(column$, '^fk_', ''), '');
    owner$ text;
BEGIN
    IF state$ <> 'SPQ01' THEN
        -- Not what PostgreSQL says: that has values of the input in it.
        RAISE LOG 'action % failed: % (constraint "%", table "%", column "%")',
            spec$ ->> 'action', state$, constraint$, table$, column$;
        code$ := CASE
            WHEN state$ = '42501' THEN 'forbidden'
            WHEN state$ = 'P0002' THEN 'not_found'
            WHEN state$ LIKE 'P0%' OR state$ = '44000' THEN 'rejected'
            WHEN state$ IN ('23502', '23514') OR state$ LIKE '22%' OR state$ LIKE '54%' THEN 'validation'
            ELSE 'conflict'
        END;
    END IF;
    -- A constraint that SpecQL named has its field in it: chk_tb_post_status_enum, uq_tb_post_slug.
    IF field$ IS NULL AND constraint$ <> '' THEN
        field$ := CASE
            WHEN starts_with(constraint$, 'uq_' || table$ || '_')
                THEN substr(constraint$, length('uq_' || table$ || '_') + 1)
            -- One over several columns has a `$` between them.
            WHEN starts_with(constraint$, 'idx_' || table$ || '_') AND strpos(constraint$, '$') = 0
                THEN regexp_replace(substr(constraint$, length('idx_' || table$ || '_') + 1), '^fk_', '')
            WHEN starts_with(constraint$, 'chk_' || table$ || '_')
                THEN regexp_replace(substr(constraint$, length('chk_' || table$ || '_') + 1), '_[a-z]+$', '')
            WHEN starts_with(constraint$, table$ || '_fk_')
                THEN regexp_replace(substr(constraint$, length(table$ || '_fk_') + 1), '_fkey$', '')
        END;
    END IF;
    IF field$ IS NULL AND state$ LIKE '22%' THEN
        field$ := app.unfit_input(spec$ -> 'inputs', input$);
    END IF;
    -- A reference that breaks may be another entity's, so its field alone says little.
    IF state$ = '23503' AND field$ IS NOT NULL AND table$ <> '' THEN
        owner$ := app.type_name(schema$, table$);
    END IF;
    -- What is too long for an index does not always say for which.
    IF field$ IS NULL AND state$ LIKE '54%' THEN
        field$ := (
            SELECT CASE WHEN count(DISTINCT e$.key) = 1 THEN min(e$.key) END
            FROM jsonb_each(spec$ -> 'inputs') AS e$, jsonb_array_elements_text(e$.value -> 'names') AS s$(name)
            WHERE octet_length(input$ ->> s$.name) > 2000
        );
    END IF;
    result$.updated_fields := '{}';
    result$.status := 'failed:' || code$;
    result$.message := CASE
        WHEN state$ = 'SPQ01' THEN message$
        WHEN state$ = '23505' THEN coalesce(field$ || ' is already taken', 'this already exists')
        WHEN state$ = '23502' THEN coalesce(field$ || ' is required', 'a value is missing')
        WHEN state$ = '23503' THEN coalesce(field$ || coalesce(' of ' || owner$, '') || ' leads to a row that is gone, or still in use', 'other data depends on this')
        WHEN code$ = 'validation' THEN coalesce(field$ || ' has a value that does not fit', 'a value does not fit')
        WHEN code$ = 'forbidden' THEN 'this is not allowed'
        WHEN code$ = 'not_found' THEN 'something that is needed was not found'
        WHEN code$ = 'rejected' THEN 'a rule of the database refused this'
        ELSE 'this conflicts with other data'
    END;
    result$.extra_metadata := jsonb_build_object(
        '_error', jsonb_strip_nulls(jsonb_build_object('code', code$, 'field', field$, 'entity', owner$))
    );
    IF spec$ ? 'cascade' THEN
        result$.extra_metadata := result$.extra_metadata || jsonb_build_object('_cascade', jsonb_build_object(
            'updated', '[]'::jsonb, 'deleted', '[]'::jsonb, 'invalidations', '[]'::jsonb,
            'metadata', jsonb_build_object(
                'timestamp', app.iso_timestamp(clock_timestamp()), 'depth', 0, 'affectedCount', 0
            ) || CASE
                WHEN spec$ ? 'tenant' THEN jsonb_strip_nulls(jsonb_build_object('tenantId', app.current_tenant_id()))
                ELSE '{}'::jsonb
            END
        ));
    END IF;
    RETURN result$;
END
$specql$;
