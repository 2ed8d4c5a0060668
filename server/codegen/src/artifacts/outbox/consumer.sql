-- For consumers that keep their effects in PostgreSQL: an event is taken once, in the transaction of
-- its effect.
CREATE TABLE IF NOT EXISTS app.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, event_id)
);

CREATE INDEX IF NOT EXISTS idx_inbox_received_at ON app.inbox USING brin (received_at);

REVOKE ALL ON app.inbox FROM PUBLIC;

-- Whether the event is new to the consumer; false means that its effect stands already.
CREATE OR REPLACE FUNCTION app.receive_event(p_consumer text, p_event_id uuid) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    INSERT INTO app.inbox AS i (consumer, event_id) VALUES (p_consumer, p_event_id)
    ON CONFLICT ON CONSTRAINT inbox_pkey DO NOTHING;
    RETURN FOUND;
END
$specql$;

REVOKE ALL ON FUNCTION app.receive_event(text, uuid) FROM PUBLIC;

-- Dead letters: events that a consumer gave up on, until somebody resolves them.
CREATE TABLE IF NOT EXISTS app.parked_event (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    topic text NOT NULL,
    topic_partition integer,
    topic_offset bigint,
    event_payload jsonb,
    error text NOT NULL,
    attempts integer NOT NULL DEFAULT 1,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    resolved_at timestamptz,
    PRIMARY KEY (consumer, event_id)
);

-- The row of the outbox as it was when the event was parked: the outbox forgets earlier.
ALTER TABLE app.parked_event ADD COLUMN IF NOT EXISTS event jsonb;

CREATE INDEX IF NOT EXISTS idx_parked_event_open ON app.parked_event (parked_at)
    WHERE resolved_at IS NULL;

REVOKE ALL ON app.parked_event FROM PUBLIC;

CREATE OR REPLACE FUNCTION app.park_event(
    p_consumer text,
    p_event_id uuid,
    p_event_type text,
    p_topic text,
    p_error text,
    p_payload jsonb DEFAULT NULL,
    p_partition integer DEFAULT NULL,
    p_offset bigint DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    INSERT INTO app.parked_event AS p (
        consumer, event_id, event_type, topic, topic_partition, topic_offset, event_payload, error, event
    )
    VALUES (
        p_consumer, p_event_id, p_event_type, p_topic, p_partition, p_offset, p_payload, p_error,
        (SELECT to_jsonb(o) FROM app.outbox AS o WHERE o.id = p_event_id)
    )
    ON CONFLICT ON CONSTRAINT parked_event_pkey DO UPDATE SET
        attempts = p.attempts + 1,
        error = excluded.error,
        event_payload = coalesce(excluded.event_payload, p.event_payload),
        event = coalesce(excluded.event, p.event),
        parked_at = clock_timestamp(),
        resolved_at = NULL;
END
$specql$;

REVOKE ALL ON FUNCTION app.park_event(text, uuid, text, text, text, jsonb, integer, bigint) FROM PUBLIC;

-- Publishes the event of a dead letter again, to the topic given or to its own, and closes it. A letter
-- whose event nobody has kept stays open, and NULL is returned.
CREATE OR REPLACE FUNCTION app.resolve_parked_event(
    p_consumer text,
    p_event_id uuid,
    p_topic text DEFAULT NULL
) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_event jsonb;
    v_id uuid;
BEGIN
    SELECT coalesce((SELECT to_jsonb(o) FROM app.outbox AS o WHERE o.id = p_event_id), p.event) INTO v_event
    FROM app.parked_event AS p
    WHERE p.consumer = p_consumer AND p.event_id = p_event_id AND p.resolved_at IS NULL
    FOR UPDATE;
    IF v_event IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO app.outbox (
        aggregate_type, aggregate_id, event_type, event_version, event_payload, event_metadata,
        tenant_id, topic, partition_key, correlation_id, causation_id, trace_id, traceparent
    )
    SELECT
        o.aggregate_type, o.aggregate_id, o.event_type, o.event_version, o.event_payload,
        o.event_metadata || jsonb_build_object('replayOf', o.id),
        o.tenant_id, coalesce(p_topic, o.topic), o.partition_key, o.correlation_id, o.id, o.trace_id,
        o.traceparent
    FROM jsonb_populate_record(NULL::app.outbox, v_event) AS o
    RETURNING id INTO v_id;
    UPDATE app.parked_event AS p SET resolved_at = clock_timestamp()
    WHERE p.consumer = p_consumer AND p.event_id = p_event_id;
    RETURN v_id;
END
$specql$;

REVOKE ALL ON FUNCTION app.resolve_parked_event(text, uuid, text) FROM PUBLIC;
