-- Entries by what and which they are, without what is in them.
CREATE OR REPLACE FUNCTION app.without_entities(entries$ jsonb[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(e$.entry - 'entity' ORDER BY e$.n), '[]'::jsonb)
        FROM unnest(entries$) WITH ORDINALITY AS e$(entry, n)
    );
END
$specql$;

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

DROP FUNCTION IF EXISTS app.write_events(app.context, jsonb, app.image[], integer, jsonb[], text[], app.call[], jsonb, jsonb);
DROP FUNCTION IF EXISTS app.write_rows(app.context, jsonb, app.image[], integer, jsonb, jsonb, text, jsonb, jsonb);

-- What the first event of a mutation says beside its payload: the cascade, as far as its action publishes one.
CREATE OR REPLACE FUNCTION app.leading_metadata(base$ jsonb, spec$ jsonb, image$ app.image, entries$ jsonb[]) RETURNS jsonb
LANGUAGE sql
RETURN base$
    || jsonb_build_object('version', spec$ -> 'events' -> (image$.entity || ':' || image$.op) -> 'version')
    || CASE spec$ ->> 'publishes'
        WHEN 'entities' THEN jsonb_build_object('cascade', entries$)
        WHEN 'ids' THEN jsonb_build_object('cascade', app.without_entities(entries$))
        ELSE '{}'::jsonb
    END;

-- The same of every other event: the id of the first one, where that has a cascade.
CREATE OR REPLACE FUNCTION app.following_metadata(ctx$ app.context, base$ jsonb, spec$ jsonb) RETURNS jsonb
LANGUAGE sql STABLE
RETURN CASE
    WHEN spec$ ? 'publishes' THEN base$ || jsonb_build_object('cascadeEventId', ctx$.event_id)
    ELSE base$
END;

-- The events of an action and then those of the actions that it called, each over the rows that it
-- touched, as they stand at the end. An action that writes no event of its own gives the cascade to the
-- first of them.
CREATE OR REPLACE FUNCTION app.write_events(
    ctx$ app.context, spec$ jsonb, images$ app.image[], first$ integer, entries$ jsonb[], base$ jsonb,
    calls$ app.call[], with$ jsonb, given$ jsonb
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    leader$ jsonb;
    leading$ jsonb;
    following$ jsonb;
    called$ jsonb;
    own$ app.image[];
    begin_at$ integer;
BEGIN
    IF first$ IS NOT NULL THEN
        leader$ := spec$;
        following$ := app.following_metadata(ctx$, base$, leader$);
        PERFORM app.write_rows(
            ctx$, spec$, images$, first$,
            app.leading_metadata(base$, spec$, images$[first$], entries$),
            following$, with$, given$
        );
    END IF;
    -- The rows of all calls at once: a loop of calls costs what its calls cost.
    FOR called$, own$ IN
        SELECT c$.spec, r$.own
        FROM unnest(calls$) WITH ORDINALITY AS c$(spec, touched, arguments, n)
        JOIN (
            SELECT t$.call, array_agg(
                ROW(i$.entity, CASE WHEN i$.op = 'D' THEN 'D' ELSE t$.op END, i$.id, i$.view, i$.image, NULL)::app.image
                ORDER BY i$.n
            ) AS own
            FROM (
                SELECT c$.n AS call, t$.entity, t$.id, min(t$.op) AS op
                FROM unnest(calls$) WITH ORDINALITY AS c$(spec, touched, arguments, n)
                CROSS JOIN LATERAL unnest(c$.touched) AS t$
                GROUP BY c$.n, t$.entity, t$.id
            ) AS t$
            JOIN unnest(images$) WITH ORDINALITY AS i$(entity, op, id, view, image, kept, n)
                ON i$.id = t$.id AND i$.entity = t$.entity
            GROUP BY t$.call
        ) AS r$ ON r$.call = c$.n
        ORDER BY c$.n
    LOOP
        SELECT i$.n INTO begin_at$
        FROM unnest(own$) WITH ORDINALITY AS i$(entity, op, id, view, image, kept, n)
        WHERE called$ -> 'events' ? (i$.entity || ':' || i$.op)
        ORDER BY NOT called$ -> 'primary' ? (i$.entity || ':' || i$.op), i$.n
        LIMIT 1;
        CONTINUE WHEN begin_at$ IS NULL;
        leading$ := NULL;
        IF leader$ IS NULL THEN
            leader$ := called$;
            following$ := app.following_metadata(ctx$, base$, leader$);
            leading$ := app.leading_metadata(base$, leader$, own$[begin_at$], entries$);
        END IF;
        PERFORM app.write_rows(
            ctx$, called$, own$, begin_at$, leading$, following$,
            CASE WHEN called$ ? 'members' THEN app.payload_members(called$, own$) ELSE '{}'::jsonb END, given$
        );
    END LOOP;
END
$specql$;
