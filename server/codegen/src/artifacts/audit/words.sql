-- The difference between two images of a row, in words: one text for each field that differs.
CREATE OR REPLACE FUNCTION app.describe_change(p_old jsonb, p_new jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT coalesce(array_agg(w.words ORDER BY w.rank, w.name), '{}')
    FROM (
        SELECT 0 AS rank, '' AS name, CASE
            WHEN p_old IS NULL AND p_new IS NOT NULL THEN 'created'
            WHEN p_old IS NOT NULL AND p_new IS NULL THEN 'removed'
            WHEN p_old ->> 'deleted_at' IS NULL AND p_new ->> 'deleted_at' IS NOT NULL THEN 'deleted'
            WHEN p_old ->> 'deleted_at' IS NOT NULL AND p_new ->> 'deleted_at' IS NULL THEN 'restored'
        END AS words
        UNION ALL
        SELECT 1, v.name, CASE
            WHEN v.new IS NULL THEN format('%s was cleared, it was %s', v.name, v.old)
            WHEN v.old IS NULL THEN format('%s was set to %s', v.name, v.new)
            WHEN v.new = '"[erased]"' THEN format('%s was erased', v.name)
            ELSE format('%s was changed from %s to %s', v.name, v.old, v.new)
        END
        FROM (
            SELECT k.name, shown.*
            FROM jsonb_object_keys(coalesce(p_old, '{}') || coalesce(p_new, '{}')) AS k(name),
                LATERAL (
                    SELECT
                        CASE WHEN length(i.old) > 60 THEN left(i.old, 60) || '…' ELSE i.old END AS old,
                        CASE WHEN length(i.new) > 60 THEN left(i.new, 60) || '…' ELSE i.new END AS new
                    FROM (
                        SELECT nullif(p_old -> k.name, 'null')::text AS old, nullif(p_new -> k.name, 'null')::text AS new
                    ) AS i
                ) AS shown
            WHERE p_new IS NOT NULL
                AND (p_old -> k.name) IS DISTINCT FROM (p_new -> k.name)
                AND k.name NOT IN (
                    'id', 'tenant_id', 'created_at', 'created_by', 'updated_at', 'updated_by', 'deleted_at',
                    'deleted_by', '_cascade'
                )
                AND k.name !~ '^pk_'
        ) AS v
        WHERE v.old IS NOT NULL OR v.new IS NOT NULL
    ) AS w
    WHERE w.words IS NOT NULL
$specql$;
