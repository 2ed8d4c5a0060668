-- Publishes events again: new ids, so that consumers which remember the old ones do not drop them, and
-- `replayOf` in the metadata. Give a topic of its own to reach one consumer only. Returns how many.
CREATE OR REPLACE FUNCTION app.replay_outbox(
    p_aggregate_type text DEFAULT NULL,
    p_aggregate_id uuid DEFAULT NULL,
    p_event_type text DEFAULT NULL,
    p_from timestamptz DEFAULT NULL,
    p_to timestamptz DEFAULT NULL,
    p_topic text DEFAULT NULL,
    p_limit integer DEFAULT 10000
) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_count integer;
BEGIN
    INSERT INTO app.outbox (
        aggregate_type, aggregate_id, event_type, event_version, event_payload, event_metadata,
        tenant_id, topic, partition_key, correlation_id, causation_id, trace_id, traceparent
    )
    SELECT
        o.aggregate_type, o.aggregate_id, o.event_type, o.event_version, o.event_payload,
        o.event_metadata || jsonb_build_object('replayOf', o.id),
        o.tenant_id, coalesce(p_topic, o.topic), o.partition_key, o.correlation_id, o.id, o.trace_id,
        o.traceparent
    FROM app.outbox AS o
    WHERE (p_aggregate_type IS NULL OR o.aggregate_type = p_aggregate_type)
        AND (p_aggregate_id IS NULL OR o.aggregate_id = p_aggregate_id)
        AND (p_event_type IS NULL OR o.event_type = p_event_type)
        AND (p_from IS NULL OR o.created_at >= p_from)
        AND (p_to IS NULL OR o.created_at < p_to)
        -- A replay is never replayed: its original is.
        AND NOT o.event_metadata ? 'replayOf'
    ORDER BY o.sequence
    LIMIT p_limit;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$specql$;

REVOKE ALL ON FUNCTION app.replay_outbox(text, uuid, text, timestamptz, timestamptz, text, integer) FROM PUBLIC;
