-- Cuts a list of entries to so many and to 5 MiB: the slow path of a large cascade.
CREATE OR REPLACE FUNCTION app.cut_entries(entries$ jsonb[], limit$ integer) RETURNS jsonb[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RETURN ARRAY(
        SELECT s$.entry
        FROM (
            SELECT e$.entry, e$.n, sum(octet_length(e$.entry::text)) OVER (ORDER BY e$.n) AS size
            FROM unnest(entries$) WITH ORDINALITY AS e$(entry, n)
            WHERE e$.n <= limit$
        ) AS s$
        WHERE s$.size <= 5 * 1024 * 1024
        ORDER BY s$.n
    );
END
$specql$;

-- Each text once, at its first place.
CREATE OR REPLACE FUNCTION app.distinct_texts(texts$ text[]) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RETURN ARRAY(
        SELECT t$.item
        FROM unnest(texts$) WITH ORDINALITY AS t$(item, n)
        WHERE t$.item IS NOT NULL
        GROUP BY t$.item
        ORDER BY min(t$.n)
    );
END
$specql$;

-- The first touched row of an entity to which one of some operations was done.
CREATE OR REPLACE FUNCTION app.first_touched(touched$ app.touch[], entity$ text, ops$ text[]) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RETURN (
        SELECT t$.id
        FROM unnest(touched$) WITH ORDINALITY AS t$(entity, op, id, n)
        WHERE t$.entity = entity$ AND t$.op = ANY (ops$)
        ORDER BY t$.n
        LIMIT 1
    );
END
$specql$;

-- Each touched row once, at its first place: what was made stays made when it is changed later.
CREATE OR REPLACE FUNCTION app.distinct_touches(touched$ app.touch[]) RETURNS app.touch[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RETURN ARRAY(
        SELECT ROW(t$.entity, min(t$.op), t$.id)::app.touch
        FROM unnest(touched$) WITH ORDINALITY AS t$(entity, op, id, n)
        WHERE t$.id IS NOT NULL
        GROUP BY t$.entity, t$.id
        ORDER BY min(t$.n)
    );
END
$specql$;

-- The invalidations of a caller with those of the actions that it called: each once, the exact ones
-- first, at most 50.
CREATE OR REPLACE FUNCTION app.merge_invalidations(entries$ jsonb, calls$ app.call[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(m$.entry ORDER BY m$.rank, m$.call, m$.n), '[]'::jsonb)
        FROM (
            SELECT d$.*, array_position(ARRAY['EXACT', 'PREFIX', 'PATTERN', 'ALL'], d$.entry ->> 'scope') AS rank
            FROM (
                SELECT DISTINCT ON (e$.entry) e$.entry, e$.call, e$.n
                FROM (
                    SELECT o$.entry, 0 AS call, o$.n
                    FROM jsonb_array_elements(entries$) WITH ORDINALITY AS o$(entry, n)
                    UNION ALL
                    SELECT
                        CASE
                            WHEN c$.arguments -> (o$.n - 1)::integer <> 'null'::jsonb
                            THEN jsonb_set(o$.entry, '{arguments}', c$.arguments -> (o$.n - 1)::integer)
                            ELSE o$.entry
                        END,
                        c$.n, o$.n
                    FROM unnest(calls$) WITH ORDINALITY AS c$(spec, touched, arguments, n)
                    CROSS JOIN LATERAL jsonb_array_elements(c$.spec -> 'invalidations') WITH ORDINALITY AS o$(entry, n)
                ) AS e$
                ORDER BY e$.entry, e$.call, e$.n
            ) AS d$
            ORDER BY rank, d$.call, d$.n
            LIMIT 50
        ) AS m$
    );
END
$specql$;

-- The last line of an action: cascade, log, events and answer, from the rows as they stand. One pass
-- over the images; the only statements are the rows that have to be written. Each expression costs its
-- set-up once in a transaction, so there are few of them, and large.
CREATE OR REPLACE FUNCTION app.finish_action(
    ctx$ app.context, spec$ jsonb, work$ app.work, images$ app.image[], given$ jsonb DEFAULT NULL
) RETURNS app.mutation_result
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    rules$ jsonb := coalesce(spec$ -> 'cascade', spec$ -> 'listed');
    answers$ boolean := spec$ ? 'cascade';
    own$ text := spec$ ->> 'entity';
    image$ app.image;
    key$ text;
    item$ jsonb;
    updated$ jsonb[] := '{}'::jsonb[];
    deleted$ jsonb[] := '{}'::jsonb[];
    kept$ jsonb[];
    names$ text[] := '{}'::text[];
    seen$ text[] := '{}'::text[];
    side$ jsonb := '[]'::jsonb;
    effect$ jsonb;
    primary$ jsonb;
    cascade$ jsonb;
    metadata$ jsonb;
    invalidations$ jsonb := coalesce(spec$ -> 'invalidations', '[]'::jsonb);
    reasons$ jsonb := coalesce(spec$ -> 'reasons', '[]'::jsonb);
    small$ boolean := coalesce(cardinality(images$), 0) <= 20;
    with$ jsonb := coalesce(spec$ -> 'with', '{}'::jsonb);
    extra$ jsonb := coalesce(spec$ -> 'collections', '{}'::jsonb);
    name$ text;
    strip$ boolean := false;
    others$ boolean := false;
    -- The primary operation was done to some row.
    done$ boolean := false;
    first$ integer;
    events$ boolean;
    n$ integer := 0;
    total$ integer := 0;
    base$ jsonb;
BEGIN
    IF cardinality(images$) > 0 THEN
        FOREACH image$ IN ARRAY images$ LOOP
            n$ := n$ + 1;
            IF image$.id = work$.id AND image$.entity = own$ THEN
                primary$ := image$.image;
            END IF;
            CONTINUE WHEN image$.op = 'V';
            key$ := image$.entity || ':' || image$.op;
            IF key$ <> ALL (seen$) THEN
                seen$ := seen$ || key$;
                IF image$.entity <> ALL (names$) THEN
                    names$ := names$ || image$.entity;
                END IF;
                IF spec$ -> 'primary' ? key$ THEN
                    done$ := true;
                ELSE
                    effect$ := spec$ -> 'effects' -> key$;
                    side$ := side$ || jsonb_build_object(
                        'entity_type', image$.entity,
                        'operation', coalesce(
                            effect$ ->> 'operation',
                            CASE image$.op WHEN 'C' THEN 'CREATE' WHEN 'U' THEN 'UPDATE' ELSE 'DELETE' END
                        ),
                        'modified_fields', coalesce(effect$ -> 'fields', '[]'::jsonb)
                    );
                END IF;
                IF spec$ -> 'events' ? key$ AND (first$ IS NULL OR spec$ -> 'primary' ? key$) THEN
                    first$ := n$;
                END IF;
            END IF;
            IF small$ AND spec$ -> 'collected' ? key$ THEN
                FOR m$ IN 0 .. jsonb_array_length(spec$ -> 'collected' -> key$) - 1 LOOP
                    name$ := spec$ -> 'collected' -> key$ ->> m$;
                    extra$ := jsonb_set(extra$, ARRAY[name$], (extra$ -> name$) || jsonb_build_array(CASE
                        WHEN image$.op = 'D' THEN jsonb_build_object('__typename', image$.entity, 'id', image$.id)
                        ELSE image$.image
                    END));
                END LOOP;
            END IF;
            IF small$ AND spec$ -> 'members' ? key$ THEN
                with$ := app.with_member(with$, spec$ -> 'members' -> key$, image$);
            END IF;
            CONTINUE WHEN rules$ -> 'hidden' ? image$.entity;
            others$ := others$ OR image$.entity <> own$;
            IF image$.op <> 'D' THEN
                item$ := jsonb_build_object(
                    '__typename', image$.entity,
                    'id', image$.id,
                    'operation', CASE image$.op WHEN 'C' THEN 'CREATED' ELSE 'UPDATED' END,
                    'entity', CASE
                        WHEN rules$ ? 'brief' THEN jsonb_build_object('__typename', image$.entity, 'id', image$.id)
                        ELSE image$.image
                    END
                );
                updated$ := updated$ || item$;
                strip$ := strip$ OR image$.kept IS NOT NULL;
                kept$ := kept$ || CASE
                    WHEN image$.kept = 'null'::jsonb THEN item$ - 'entity'
                    WHEN image$.kept IS NULL OR rules$ ? 'brief' THEN item$
                    ELSE jsonb_set(item$, '{entity}', image$.kept)
                END;
            ELSIF NOT rules$ ? 'living' THEN
                deleted$ := deleted$ || jsonb_build_object(
                    '__typename', image$.entity, 'id', image$.id, 'deletedAt', app.iso_timestamp(now())
                );
            END IF;
        END LOOP;
    END IF;
    events$ := first$ IS NOT NULL
        OR (work$.calls IS NOT NULL AND cardinality(images$) > 0 AND app.any_event(work$.calls, images$));
    IF work$.arguments IS NOT NULL THEN
        FOR m$ IN 0 .. jsonb_array_length(work$.arguments) - 1 LOOP
            item$ := work$.arguments -> m$;
            IF item$ <> 'null'::jsonb THEN
                invalidations$ := jsonb_set(invalidations$, ARRAY[m$::text, 'arguments'], item$);
                reasons$ := jsonb_set(reasons$, ARRAY[m$::text, 'filter'], item$);
            END IF;
        END LOOP;
    END IF;
    IF work$.calls IS NOT NULL THEN
        invalidations$ := app.merge_invalidations(invalidations$, work$.calls);
    END IF;
    IF rules$ IS NOT NULL THEN
        total$ := cardinality(updated$) + cardinality(deleted$);
        IF total$ > least((rules$ -> 'limit')::integer, 100) OR pg_column_size(updated$) > 4000000 THEN
            updated$ := app.cut_entries(updated$, (rules$ -> 'limit')::integer);
            deleted$ := app.cut_entries(deleted$, 100);
            kept$ := kept$[: cardinality(updated$)];
        END IF;
    END IF;
    IF answers$ THEN
        n$ := cardinality(updated$) + cardinality(deleted$);
        metadata$ := jsonb_build_object(
            'timestamp', app.iso_timestamp(clock_timestamp()),
            'transactionId', pg_current_xact_id_if_assigned()::text,
            'depth', others$::integer,
            'affectedCount', n$
        )
        || CASE WHEN events$ THEN jsonb_build_object('eventId', ctx$.event_id) ELSE '{}'::jsonb END
        || CASE WHEN spec$ ? 'tenant' THEN jsonb_build_object('tenantId', ctx$.tenant_id) ELSE '{}'::jsonb END
        || CASE
            WHEN n$ < total$ THEN jsonb_build_object('truncated', true, 'originalCount', total$)
            ELSE '{}'::jsonb
        END;
        cascade$ := jsonb_build_object(
            'updated', updated$, 'deleted', deleted$, 'invalidations', invalidations$, 'metadata', metadata$
        );
    END IF;
    IF spec$ ? 'kept' THEN
        -- What the audit may not keep is not kept in the cascade either.
        PERFORM app.keep_mutation(
            ctx$, spec$, work$.id, names$, events$,
            CASE WHEN answers$ AND (strip$ OR spec$ ? 'private') THEN jsonb_build_object(
                'updated', coalesce(kept$, '{}'::jsonb[]), 'deleted', deleted$,
                'invalidations', CASE
                    WHEN spec$ ? 'private' THEN app.kept_invalidations(spec$, work$)
                    ELSE invalidations$
                END,
                'metadata', metadata$
            ) ELSE cascade$ END
        );
    END IF;
    IF events$ THEN
        IF NOT small$ AND spec$ ? 'members' THEN
            with$ := app.payload_members(spec$, images$);
        END IF;
        base$ := jsonb_build_object(
            'mutation', spec$ -> 'action', 'mutationId', ctx$.mutation_id, 'affectedEntities', names$
        );
        IF ctx$.labels IS NOT NULL THEN
            base$ := base$ || jsonb_build_object('context', ctx$.labels);
        END IF;
        IF work$.calls IS NOT NULL THEN
            PERFORM app.write_events(
                ctx$, spec$, images$, first$, updated$ || deleted$, base$, work$.calls, with$, given$
            );
        ELSE
            PERFORM app.write_rows(
                ctx$, spec$, images$, first$,
                app.leading_metadata(base$, spec$, images$[first$], updated$ || deleted$),
                app.following_metadata(ctx$, base$, spec$), with$, given$
            );
        END IF;
    END IF;
    IF NOT small$ AND spec$ ? 'collected' THEN
        extra$ := app.collections(spec$, images$);
    END IF;
    item$ := jsonb_build_object(
        'primary_entity', CASE WHEN done$ THEN jsonb_build_object(
            'entity_type', own$, 'operation', spec$ -> 'operation',
            'modified_fields', coalesce(work$.fields, '{}'::text[])
        ) END,
        'actual_side_effects', side$,
        'cache_invalidations', reasons$
    );
    extra$ := extra$ || CASE
        WHEN answers$ THEN jsonb_build_object('_meta', item$, '_cascade', cascade$)
        ELSE jsonb_build_object('_meta', item$)
    END;
    IF spec$ ? 'relations' AND primary$ IS NOT NULL THEN
        FOREACH image$ IN ARRAY images$ LOOP
            FOR n$ IN 0 .. jsonb_array_length(spec$ -> 'relations') - 1 LOOP
                key$ := spec$ -> 'relations' ->> n$;
                IF primary$ -> key$ ->> 'id' = image$.id::text AND primary$ -> key$ ->> '__typename' = image$.entity THEN
                    primary$ := jsonb_set(primary$, ARRAY[key$], coalesce(image$.image, primary$ -> key$));
                END IF;
            END LOOP;
        END LOOP;
    END IF;
    PERFORM set_config('app.mutation_id', coalesce(ctx$.outer_id, ''), true);
    RETURN ROW(
        work$.id, coalesce(work$.fields, '{}'::text[]), 'success',
        coalesce(work$.message, CASE
            WHEN done$ THEN spec$ ->> 'message'
            ELSE (spec$ ->> 'action') || ' done'
        END),
        primary$, extra$
    )::app.mutation_result;
END
$specql$;

-- The rows of each declared collection, of many rows.
CREATE OR REPLACE FUNCTION app.collections(spec$ jsonb, images$ app.image[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RETURN (spec$ -> 'collections') || coalesce((
        SELECT jsonb_object_agg(l$.name, l$.items)
        FROM (
            SELECT c$.name, jsonb_agg(
                CASE
                    WHEN i$.op = 'D' THEN jsonb_build_object('__typename', i$.entity, 'id', i$.id)
                    ELSE i$.image
                END
                ORDER BY i$.n
            ) AS items
            FROM unnest(images$) WITH ORDINALITY AS i$(entity, op, id, view, image, kept, n)
            CROSS JOIN LATERAL jsonb_array_elements_text(
                spec$ -> 'collected' -> (i$.entity || ':' || i$.op)
            ) AS c$(name)
            GROUP BY c$.name
        ) AS l$
    ), '{}'::jsonb);
END
$specql$;
