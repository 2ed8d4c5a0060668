-- The events of one specification over some rows. The first of them has the side effects, and the first
-- of the mutation, whose metadata is `leading$`, the cascade; every other one has the id of that, so that an
-- event costs what its row costs.
CREATE OR REPLACE FUNCTION app.write_rows(
    ctx$ app.context, spec$ jsonb, images$ app.image[], first$ integer, leading$ jsonb, base$ jsonb, with$ jsonb, given$ jsonb
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    INSERT INTO app.outbox (
        id, aggregate_type, aggregate_id, event_type, event_version, event_payload, event_metadata,
        tenant_id, topic, partition_key, correlation_id, causation_id, trace_id, traceparent
    )
    SELECT
        CASE WHEN e$.n = first$ AND leading$ IS NOT NULL THEN ctx$.event_id ELSE gen_random_uuid() END,
        e$.entity,
        e$.id,
        e$.event ->> 'type',
        (e$.event -> 'version')::integer,
        CASE WHEN e$.n = first$ AND e$.event ? 'with' THEN with$ ELSE '{}'::jsonb END || jsonb_build_object(
            e$.event ->> 'key',
            CASE
                WHEN e$.event ? 'ids' THEN jsonb_build_object('id', e$.id)
                WHEN e$.event ? 'payload' THEN jsonb_build_object('id', e$.id)
                    || coalesce(app.pick_members(e$.view, e$.event -> 'payload'), '{}'::jsonb)
                    || coalesce(given$ -> ((e$.event ->> 'type') || ':' || e$.id) -> 'payload', '{}'::jsonb)
                ELSE coalesce(e$.view, jsonb_build_object('id', e$.id))
            END
        ),
        CASE WHEN e$.n = first$ AND leading$ IS NOT NULL THEN leading$ ELSE base$ || jsonb_build_object('version', e$.event -> 'version') END,
        ctx$.tenant_id,
        e$.event ->> 'topic',
        coalesce(
            CASE WHEN given$ IS NOT NULL THEN given$ -> ((e$.event ->> 'type') || ':' || e$.id) ->> 'key' END,
            e$.view -> (e$.event ->> 'by') ->> 'id',
            e$.view ->> (e$.event ->> 'by'),
            e$.id::text
        ),
        ctx$.correlation_id,
        CASE WHEN e$.n = first$ AND leading$ IS NOT NULL THEN ctx$.causation_id ELSE ctx$.event_id END,
        split_part(ctx$.traceparent, '-', 2),
        ctx$.traceparent
    FROM (
        SELECT i$.entity, i$.id, i$.view, i$.n, spec$ -> 'events' -> (i$.entity || ':' || i$.op) AS event
        FROM unnest(images$) WITH ORDINALITY AS i$(entity, op, id, view, image, kept, n)
        OFFSET 0
    ) AS e$
    WHERE e$.event IS NOT NULL
    ORDER BY e$.n <> coalesce(first$, 0), (e$.event -> 'n')::integer, e$.n;
END
$specql$;
