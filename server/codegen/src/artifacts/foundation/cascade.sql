CREATE OR REPLACE FUNCTION app.iso_timestamp(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- Rows in the order in which they were touched first, each once.
CREATE OR REPLACE FUNCTION app.distinct_rows(p_ids uuid[])
RETURNS TABLE (id uuid, "position" bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT u.id, row_number() OVER (ORDER BY min(u.place))
    FROM unnest(p_ids) WITH ORDINALITY AS u(id, place)
    WHERE u.id IS NOT NULL
    GROUP BY u.id
$specql$;

-- One entry of `updated`: the whole entity as its read model shows it to the caller, or NULL when
-- the caller cannot see it.
CREATE OR REPLACE FUNCTION app.cascade_entity(
    p_typename text,
    p_id uuid,
    p_operation text,
    p_schema text,
    p_view text
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_data jsonb;
BEGIN
    IF p_operation NOT IN ('CREATED', 'UPDATED') THEN
        RAISE EXCEPTION 'operation % has no place among the updated entities', p_operation
            USING ERRCODE = '22023', HINT = 'deleted entities are built by app.cascade_deleted';
    END IF;
    EXECUTE format('SELECT r.data FROM %I.%I AS r WHERE r.id = $1', p_schema, p_view)
        INTO v_data USING p_id;
    IF v_data IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(jsonb_object_agg(app.graphql_name(e.key), e.value), '{}'::jsonb) INTO v_data
    FROM jsonb_each(v_data) AS e;
    RETURN jsonb_build_object(
        '__typename', p_typename,
        'id', p_id::text,
        'operation', p_operation,
        'entity', v_data || jsonb_build_object('__typename', p_typename, 'id', p_id::text)
    );
END
$specql$;

-- One entry of `deleted`.
CREATE OR REPLACE FUNCTION app.cascade_deleted(
    p_typename text,
    p_id uuid,
    p_at timestamptz DEFAULT now()
) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT jsonb_build_object(
        '__typename', p_typename, 'id', p_id::text, 'deletedAt', app.iso_timestamp(p_at)
    )
    WHERE p_id IS NOT NULL
$specql$;

-- One entry of `invalidations`. Arguments make the scope exact unless another one is given.
CREATE OR REPLACE FUNCTION app.cascade_invalidation(
    p_query text,
    p_strategy text DEFAULT 'INVALIDATE',
    p_arguments jsonb DEFAULT NULL,
    p_scope text DEFAULT NULL
) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT jsonb_build_object(
        'queryName', p_query,
        'strategy', p_strategy,
        'scope', coalesce(p_scope, CASE WHEN p_arguments IS NULL THEN 'PREFIX' ELSE 'EXACT' END)
    )
    || CASE WHEN p_arguments IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('arguments', p_arguments) END
    || CASE WHEN p_scope = 'PATTERN' THEN jsonb_build_object('queryPattern', p_query) ELSE '{}'::jsonb END
$specql$;

-- The `_cascade` object. Entities are unique by type and id: a creation wins over an update, a
-- deletion over both, and the last state is kept at the first place. At most p_max_updated updated
-- and p_max_deleted deleted entities and 5 MiB are listed; what is cut off is counted in
-- `metadata.originalCount`.
CREATE OR REPLACE FUNCTION app.cascade_build(
    p_updated jsonb[],
    p_deleted jsonb[],
    p_invalidations jsonb[],
    p_depth integer DEFAULT 0,
    p_metadata jsonb DEFAULT '{}'::jsonb,
    p_max_updated integer DEFAULT 500,
    p_max_deleted integer DEFAULT 100
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_updated jsonb;
    v_deleted jsonb;
    v_invalidations jsonb;
    v_total bigint;
    v_affected integer;
BEGIN
    SELECT coalesce(jsonb_agg(d.entry ORDER BY d.position), '[]'::jsonb) INTO v_deleted
    FROM (
        SELECT DISTINCT ON (e.entry ->> '__typename', e.entry ->> 'id') e.entry, e.position
        FROM unnest(p_deleted) WITH ORDINALITY AS e(entry, position)
        WHERE e.entry IS NOT NULL
        ORDER BY e.entry ->> '__typename', e.entry ->> 'id', e.position
    ) AS d;

    WITH live AS (
        SELECT
            (array_agg(e.entry ORDER BY e.position DESC))[1] AS entry,
            min(e.position) AS position,
            bool_or(e.entry ->> 'operation' = 'CREATED') AS created
        FROM unnest(p_updated) WITH ORDINALITY AS e(entry, position)
        WHERE e.entry IS NOT NULL
            AND NOT EXISTS (
                SELECT FROM jsonb_array_elements(v_deleted) AS d(entry)
                WHERE d.entry ->> '__typename' = e.entry ->> '__typename'
                    AND d.entry ->> 'id' = e.entry ->> 'id'
            )
        GROUP BY e.entry ->> '__typename', e.entry ->> 'id'
    ), sized AS (
        SELECT
            CASE WHEN l.created THEN l.entry || '{"operation": "CREATED"}'::jsonb ELSE l.entry END AS entry,
            row_number() OVER (ORDER BY l.position) AS position,
            sum(octet_length(l.entry::text)) OVER (ORDER BY l.position) AS size
        FROM live AS l
    )
    SELECT
        coalesce(
            jsonb_agg(s.entry ORDER BY s.position)
                FILTER (WHERE s.position <= p_max_updated AND s.size <= 5 * 1024 * 1024),
            '[]'::jsonb
        ),
        count(*) + jsonb_array_length(v_deleted)
    INTO v_updated, v_total
    FROM sized AS s;

    SELECT coalesce(jsonb_agg(e.entry ORDER BY e.position) FILTER (WHERE e.position <= p_max_deleted), '[]'::jsonb)
    INTO v_deleted
    FROM jsonb_array_elements(v_deleted) WITH ORDINALITY AS e(entry, position);

    SELECT coalesce(jsonb_agg(i.entry ORDER BY i.rank, i.position), '[]'::jsonb) INTO v_invalidations
    FROM (
        SELECT
            e.entry,
            array_position(ARRAY['EXACT', 'PREFIX', 'PATTERN', 'ALL'], e.entry ->> 'scope') AS rank,
            min(e.position) AS position
        FROM unnest(p_invalidations) WITH ORDINALITY AS e(entry, position)
        WHERE e.entry IS NOT NULL
        GROUP BY e.entry
        ORDER BY rank, position
        LIMIT 50
    ) AS i;

    v_affected := jsonb_array_length(v_updated) + jsonb_array_length(v_deleted);
    RETURN jsonb_build_object(
        'updated', v_updated,
        'deleted', v_deleted,
        'invalidations', v_invalidations,
        'metadata', jsonb_strip_nulls(p_metadata) || jsonb_build_object(
            'timestamp', app.iso_timestamp(clock_timestamp()),
            'transactionId', pg_current_xact_id_if_assigned()::text,
            'depth', p_depth,
            'affectedCount', v_affected
        ) || CASE
            WHEN v_total > v_affected
                THEN jsonb_build_object('truncated', true, 'originalCount', v_total)
            ELSE '{}'::jsonb
        END
    );
END
$specql$;
