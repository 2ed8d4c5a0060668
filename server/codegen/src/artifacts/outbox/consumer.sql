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

-- The row of the outbox as it was when the event was parked, or as the record tells it: the outbox forgets
-- earlier. `record` is the record itself, where its value is no JSON.
ALTER TABLE app.parked_event ADD COLUMN IF NOT EXISTS event jsonb;
ALTER TABLE app.parked_event ADD COLUMN IF NOT EXISTS record text;
ALTER TABLE app.parked_event ADD COLUMN IF NOT EXISTS partition_key text;
-- As which event it is on its way again, until that is handled, and where it stands among the letters of its
-- key: a letter that fails again takes the place of the first.
ALTER TABLE app.parked_event ADD COLUMN IF NOT EXISTS replayed_as uuid;
ALTER TABLE app.parked_event ADD COLUMN IF NOT EXISTS place bigint;

CREATE SEQUENCE IF NOT EXISTS app.parked_event_place OWNED BY app.parked_event.place;

CREATE INDEX IF NOT EXISTS idx_parked_event_open ON app.parked_event (parked_at)
    WHERE resolved_at IS NULL;

CREATE INDEX IF NOT EXISTS idx_parked_event_key ON app.parked_event (consumer, partition_key)
    WHERE resolved_at IS NULL OR replayed_as IS NOT NULL;

REVOKE ALL ON app.parked_event FROM PUBLIC;

DROP FUNCTION IF EXISTS app.park_event(text, uuid, text, text, text, jsonb, integer, bigint);

-- Parks an event, for good until it is resolved. What p_event says of its row (by the names of the columns)
-- is kept where the outbox has forgotten it.
CREATE OR REPLACE FUNCTION app.park_event(
    p_consumer text,
    p_event_id uuid,
    p_event_type text,
    p_topic text,
    p_error text,
    p_payload jsonb DEFAULT NULL,
    p_partition integer DEFAULT NULL,
    p_offset bigint DEFAULT NULL,
    p_key text DEFAULT NULL,
    p_attempts integer DEFAULT 1,
    p_event jsonb DEFAULT NULL,
    p_record text DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_event jsonb := coalesce((SELECT to_jsonb(o) FROM app.outbox AS o WHERE o.id = p_event_id), p_event);
    v_before app.parked_event;
BEGIN
    SELECT p.* INTO v_before FROM app.parked_event AS p
    WHERE p.consumer = p_consumer AND p.event_id::text = v_event #>> '{event_metadata,replayOf}';
    INSERT INTO app.parked_event AS p (
        consumer, event_id, event_type, topic, topic_partition, topic_offset, event_payload, error, attempts,
        event, record, partition_key, place
    )
    VALUES (
        p_consumer, p_event_id, p_event_type, coalesce(v_before.topic, p_topic), p_partition, p_offset, p_payload,
        p_error, p_attempts, v_event, p_record, coalesce(v_before.partition_key, p_key),
        coalesce(v_before.place, nextval('app.parked_event_place'))
    )
    ON CONFLICT ON CONSTRAINT parked_event_pkey DO UPDATE SET
        attempts = p.attempts + excluded.attempts,
        error = excluded.error,
        event_payload = coalesce(excluded.event_payload, p.event_payload),
        event = coalesce(excluded.event, p.event),
        record = coalesce(excluded.record, p.record),
        parked_at = clock_timestamp(),
        resolved_at = NULL;
END
$specql$;

REVOKE ALL ON FUNCTION app.park_event(
    text, uuid, text, text, text, jsonb, integer, bigint, text, integer, jsonb, text
) FROM PUBLIC;

-- Takes an event in the transaction of its effect, and says what to do with it:
-- `new`: the effect is to be made. The context of the event is set for the transaction, so that an action
-- which is called goes on with tenant, correlation and trace, and names the event as its cause.
-- `duplicate`: its effect stands, or it is parked. `other`: it is published again for another consumer.
-- `behind`: an earlier event of its key is parked, so it has to wait there too; roll back, and park it. That
-- is asked where a key is given.
CREATE OR REPLACE FUNCTION app.take_event(
    p_consumer text,
    p_event_id uuid,
    p_topic text DEFAULT NULL,
    p_key text DEFAULT NULL,
    p_context jsonb DEFAULT '{}'::jsonb,
    p_replay_of uuid DEFAULT NULL,
    p_replay_for text DEFAULT NULL
) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_letter app.parked_event;
BEGIN
    IF p_replay_for <> p_consumer THEN
        RETURN 'other';
    END IF;
    IF EXISTS (SELECT FROM app.parked_event AS p WHERE p.consumer = p_consumer AND p.event_id = p_event_id) THEN
        RETURN 'duplicate';
    END IF;
    IF NOT app.receive_event(p_consumer, p_event_id) THEN
        RETURN 'duplicate';
    END IF;
    SELECT p.* INTO v_letter FROM app.parked_event AS p
    WHERE p.consumer = p_consumer AND p.event_id = p_replay_of;
    IF p_key IS NOT NULL AND EXISTS (
        SELECT FROM app.parked_event AS p
        WHERE p.consumer = p_consumer AND p.partition_key = p_key AND p.topic = coalesce(v_letter.topic, p_topic)
            AND (v_letter.place IS NULL OR p.place < v_letter.place)
            AND (p.resolved_at IS NULL OR (
                p.replayed_as IS NOT NULL
                AND NOT EXISTS (SELECT FROM app.parked_event AS q WHERE q.consumer = p_consumer AND q.event_id = p.replayed_as)
            ))
    ) THEN
        RETURN 'behind';
    END IF;
    IF v_letter.consumer IS NOT NULL THEN
        PERFORM app.receive_event(p_consumer, p_replay_of);
        UPDATE app.parked_event AS p SET resolved_at = coalesce(p.resolved_at, clock_timestamp()), replayed_as = NULL
        WHERE p.consumer = p_consumer AND p_replay_of IN (p.event_id, p.replayed_as);
    END IF;
    PERFORM set_config('app.causation_id', p_event_id::text, true);
    PERFORM set_config('app.' || c.name, c.value, true)
    FROM jsonb_each_text(p_context) AS c(name, value)
    WHERE c.name IN ('tenant_id', 'correlation_id', 'traceparent') AND c.value IS NOT NULL;
    RETURN 'new';
END
$specql$;

REVOKE ALL ON FUNCTION app.take_event(text, uuid, text, text, jsonb, uuid, text) FROM PUBLIC;

-- Publishes the event of a dead letter again, to the topic given or to its own, for the consumer that gave
-- it up, and closes the letter. A letter whose event nobody has kept stays open, and NULL is returned.
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
    IF coalesce(jsonb_typeof(v_event -> 'event_payload'), '') <> 'object' THEN
        RETURN NULL;
    END IF;
    v_id := app.publish_again(jsonb_populate_record(NULL::app.outbox, v_event), p_topic, p_consumer);
    UPDATE app.parked_event AS p SET resolved_at = clock_timestamp(), replayed_as = v_id
    WHERE p.consumer = p_consumer AND p.event_id = p_event_id;
    RETURN v_id;
END
$specql$;

REVOKE ALL ON FUNCTION app.resolve_parked_event(text, uuid, text) FROM PUBLIC;

-- Publishes every open letter of a consumer again, or those of one key, in the order in which they were
-- parked, and returns how many.
CREATE OR REPLACE FUNCTION app.resolve_parked_events(p_consumer text, p_key text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_id uuid;
    v_count integer := 0;
BEGIN
    FOR v_id IN
        SELECT p.event_id FROM app.parked_event AS p
        WHERE p.consumer = p_consumer AND p.resolved_at IS NULL AND (p_key IS NULL OR p.partition_key = p_key)
        ORDER BY p.place NULLS FIRST, p.parked_at
    LOOP
        v_count := v_count + (app.resolve_parked_event(p_consumer, v_id) IS NOT NULL)::integer;
    END LOOP;
    RETURN v_count;
END
$specql$;

REVOKE ALL ON FUNCTION app.resolve_parked_events(text, text) FROM PUBLIC;

-- Closes a letter without its effect: nobody waits for it any more, nor for it to come again. Returns whether
-- somebody did.
CREATE OR REPLACE FUNCTION app.discard_parked_event(p_consumer text, p_event_id uuid) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    UPDATE app.parked_event AS p SET resolved_at = coalesce(p.resolved_at, clock_timestamp()), replayed_as = NULL
    WHERE p.consumer = p_consumer AND p.event_id = p_event_id
        AND (p.resolved_at IS NULL OR p.replayed_as IS NOT NULL);
    RETURN FOUND;
END
$specql$;

REVOKE ALL ON FUNCTION app.discard_parked_event(text, uuid) FROM PUBLIC;
