-- The listed members of a row.
CREATE OR REPLACE FUNCTION app.pick_members(row$ jsonb, names$ jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RETURN (
        SELECT jsonb_object_agg(n$.name, row$ -> n$.name) FROM jsonb_array_elements_text(names$) AS n$(name)
    );
END
$specql$;

-- Whether an action that was called has an event among the touched rows.
CREATE OR REPLACE FUNCTION app.any_event(calls$ app.call[], images$ app.image[]) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RETURN EXISTS (
        SELECT
        FROM unnest(calls$) AS c$
        CROSS JOIN LATERAL unnest(c$.touched) AS t$
        JOIN unnest(images$) AS i$ ON i$.entity = t$.entity AND i$.id = t$.id
        WHERE c$.spec -> 'events' ? (t$.entity || ':' || CASE WHEN i$.op = 'D' THEN 'D' ELSE t$.op END)
    );
END
$specql$;

-- One more row among the members of a payload beside its aggregate: in a list, or alone.
CREATE OR REPLACE FUNCTION app.with_member(members$ jsonb, member$ jsonb, image$ app.image) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    name$ text := member$ ->> 'name';
    row$ jsonb := CASE
        WHEN member$ ? 'ids' OR image$.view IS NULL THEN jsonb_build_object('id', image$.id)
        ELSE image$.view
    END;
BEGIN
    IF member$ ? 'many' THEN
        RETURN jsonb_set(members$, ARRAY[name$], (members$ -> name$) || jsonb_build_array(row$));
    END IF;
    RETURN CASE WHEN members$ -> name$ = 'null'::jsonb THEN jsonb_set(members$, ARRAY[name$], row$) ELSE members$ END;
END
$specql$;

-- The same of many rows.
CREATE OR REPLACE FUNCTION app.payload_members(spec$ jsonb, images$ app.image[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RETURN (spec$ -> 'with') || coalesce((
        SELECT jsonb_object_agg(l$.name, CASE WHEN l$.many THEN l$.items ELSE l$.items -> 0 END)
        FROM (
            SELECT m$.member ->> 'name' AS name, bool_or(m$.member ? 'many') AS many, jsonb_agg(
                CASE
                    WHEN m$.member ? 'ids' OR i$.view IS NULL THEN jsonb_build_object('id', i$.id)
                    ELSE i$.view
                END
                ORDER BY i$.n
            ) AS items
            FROM unnest(images$) WITH ORDINALITY AS i$(entity, op, id, view, image, kept, n)
            CROSS JOIN LATERAL (SELECT spec$ -> 'members' -> (i$.entity || ':' || i$.op) AS member) AS m$
            WHERE m$.member IS NOT NULL
            GROUP BY m$.member ->> 'name'
        ) AS l$
    ), '{}'::jsonb);
END
$specql$;

-- The events of an action and then those of the actions that it called, each over the rows that it
-- touched, as they stand at the end. An action made of calls only gives the cascade to the first of them.
CREATE OR REPLACE FUNCTION app.write_events(
    ctx$ app.context, spec$ jsonb, images$ app.image[], first$ integer, entries$ jsonb[], names$ text[],
    calls$ app.call[], with$ jsonb, given$ jsonb
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    base$ jsonb := jsonb_build_object(
        'mutation', spec$ -> 'action', 'mutationId', ctx$.mutation_id, 'affectedEntities', coalesce(names$, '{}'::text[])
    ) || CASE WHEN ctx$.labels IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('context', ctx$.labels) END;
    leader$ jsonb := CASE WHEN first$ IS NOT NULL THEN spec$ END;
    own$ app.image[];
    call$ app.call;
    cascade$ jsonb;
    key$ text;
    begin_at$ integer := first$;
BEGIN
    IF calls$ IS NOT NULL AND leader$ IS NULL THEN
        FOREACH call$ IN ARRAY calls$ LOOP
            IF leader$ IS NULL AND app.any_event(ARRAY[call$], images$) THEN
                leader$ := call$.spec;
            END IF;
        END LOOP;
    END IF;
    cascade$ := CASE leader$ ->> 'publishes'
        WHEN 'entities' THEN jsonb_build_object('cascade', coalesce(to_jsonb(entries$), '[]'::jsonb))
        WHEN 'ids' THEN jsonb_build_object('cascade', app.without_entities(entries$))
        ELSE '{}'::jsonb
    END;
    key$ := CASE WHEN leader$ ? 'publishes' THEN 'cascadeEventId' END;
    IF first$ IS NOT NULL THEN
        PERFORM app.write_rows(
            ctx$, spec$, images$, first$, cascade$, base$, key$, with$, given$
        );
    END IF;
    IF calls$ IS NULL THEN
        RETURN;
    END IF;
    FOREACH call$ IN ARRAY calls$ LOOP
        CONTINUE WHEN NOT app.any_event(ARRAY[call$], images$);
        own$ := ARRAY(
            SELECT ROW(i$.entity, CASE WHEN i$.op = 'D' THEN 'D' ELSE min(t$.op) END, i$.id, i$.view, i$.image, NULL)::app.image
            FROM unnest(images$) WITH ORDINALITY AS i$(entity, op, id, view, image, kept, n)
            JOIN unnest(call$.touched) AS t$ ON i$.id = t$.id AND i$.entity = t$.entity
            GROUP BY i$.n, i$.entity, i$.op, i$.id, i$.view, i$.image
            ORDER BY i$.n
        );
        IF begin_at$ IS NULL THEN
            SELECT i$.n INTO begin_at$
            FROM unnest(own$) WITH ORDINALITY AS i$(entity, op, id, view, image, kept, n)
            WHERE call$.spec -> 'events' ? (i$.entity || ':' || i$.op)
            ORDER BY NOT call$.spec -> 'primary' ? (i$.entity || ':' || i$.op), i$.n
            LIMIT 1;
            first$ := begin_at$;
        ELSE
            first$ := 0;
        END IF;
        PERFORM app.write_rows(
            ctx$, call$.spec, own$, first$, cascade$, base$, key$,
            CASE WHEN call$.spec ? 'members' THEN app.payload_members(call$.spec, own$) ELSE '{}'::jsonb END, given$
        );
    END LOOP;
END
$specql$;
