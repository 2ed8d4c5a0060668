-- Publishes an event again, under a new id, so that consumers which remember the old one do not drop it,
-- and with that in its metadata as `replayOf`. A topic of its own, or the name of a consumer (`replayFor`),
-- keeps the other consumers out of it.
CREATE OR REPLACE FUNCTION app.publish_again(p_event app.outbox, p_topic text, p_consumer text) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_id uuid;
BEGIN
    INSERT INTO app.outbox (
        aggregate_type, aggregate_id, event_type, event_version, event_payload, event_metadata,
        tenant_id, topic, partition_key, correlation_id, causation_id, trace_id, traceparent
    )
    VALUES (
        p_event.aggregate_type, p_event.aggregate_id, p_event.event_type, p_event.event_version,
        p_event.event_payload,
        coalesce(p_event.event_metadata, '{}'::jsonb) || jsonb_build_object('replayOf', p_event.id) || CASE
            WHEN p_consumer IS NULL THEN '{}'::jsonb
            ELSE jsonb_build_object('replayFor', p_consumer)
        END,
        p_event.tenant_id, coalesce(p_topic, p_event.topic), p_event.partition_key, p_event.correlation_id,
        p_event.id, p_event.trace_id, p_event.traceparent
    )
    RETURNING id INTO v_id;
    RETURN v_id;
END
$specql$;

REVOKE ALL ON FUNCTION app.publish_again(app.outbox, text, text) FROM PUBLIC;

-- What a replay publishes again: what fits every argument that is given. A replay is never replayed: its
-- original is. The body is resolved here and now, so no search path can give it another meaning.
CREATE OR REPLACE FUNCTION app.events_to_replay(
    p_aggregate_type text, p_aggregate_id uuid, p_event_type text, p_from timestamptz, p_to timestamptz
) RETURNS TABLE (id uuid, created_at timestamptz, sequence bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT o.id, o.created_at, o.sequence FROM app.outbox AS o
    WHERE (p_aggregate_type IS NULL OR o.aggregate_type = p_aggregate_type)
        AND (p_aggregate_id IS NULL OR o.aggregate_id = p_aggregate_id)
        AND (p_event_type IS NULL OR o.event_type = p_event_type)
        AND (p_from IS NULL OR o.created_at >= p_from)
        AND (p_to IS NULL OR o.created_at < p_to)
        AND NOT o.event_metadata ? 'replayOf';
END;

REVOKE ALL ON FUNCTION app.events_to_replay(text, uuid, text, timestamptz, timestamptz) FROM PUBLIC;

DROP FUNCTION IF EXISTS app.replay_outbox(text, uuid, text, timestamptz, timestamptz, text, integer);

-- Publishes events again in one transaction, and returns how many. More of them than one transaction
-- should hold go by app.replay_outbox_in_pages.
CREATE OR REPLACE FUNCTION app.replay_outbox(
    p_aggregate_type text DEFAULT NULL,
    p_aggregate_id uuid DEFAULT NULL,
    p_event_type text DEFAULT NULL,
    p_from timestamptz DEFAULT NULL,
    p_to timestamptz DEFAULT NULL,
    p_topic text DEFAULT NULL,
    p_limit integer DEFAULT 10000,
    p_consumer text DEFAULT NULL
) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_event app.outbox;
    v_count integer := 0;
BEGIN
    FOR v_event IN
        SELECT o.*
        FROM (
            SELECT r.* FROM app.events_to_replay(p_aggregate_type, p_aggregate_id, p_event_type, p_from, p_to) AS r
            ORDER BY r.sequence
            LIMIT p_limit
        ) AS r
        JOIN app.outbox AS o ON o.id = r.id AND o.created_at = r.created_at
        ORDER BY r.sequence
    LOOP
        PERFORM app.publish_again(v_event, p_topic, p_consumer);
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END
$specql$;

REVOKE ALL ON FUNCTION app.replay_outbox(text, uuid, text, timestamptz, timestamptz, text, integer, text) FROM PUBLIC;

-- The same without a limit: a transaction for each page, and no more events a second than p_per_second.
-- What is replayed is settled at the start. A procedure that commits cannot have a search path for good, so
-- it sets it in each transaction. Call it outside of a transaction; p_replayed comes back as how many.
CREATE OR REPLACE PROCEDURE app.replay_outbox_in_pages(
    p_aggregate_type text DEFAULT NULL,
    p_aggregate_id uuid DEFAULT NULL,
    p_event_type text DEFAULT NULL,
    p_from timestamptz DEFAULT NULL,
    p_to timestamptz DEFAULT NULL,
    p_topic text DEFAULT NULL,
    p_consumer text DEFAULT NULL,
    p_page integer DEFAULT 1000,
    p_per_second numeric DEFAULT NULL,
    INOUT p_replayed bigint DEFAULT 0
)
LANGUAGE plpgsql
AS $specql$
DECLARE
    v_page record;
    v_event app.outbox;
    v_begin timestamptz := pg_catalog.clock_timestamp();
    v_early double precision;
BEGIN
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    IF coalesce(p_page, 0) < 1 OR p_per_second <= 0 THEN
        RAISE EXCEPTION USING ERRCODE = '22023',
            MESSAGE = 'a page has one event or more, and a rate is more than no event a second';
    END IF;
    p_replayed := 0;
    FOR v_page IN
        SELECT
            pg_catalog.array_agg(n.id) AS ids,
            pg_catalog.min(n.created_at) AS first, pg_catalog.max(n.created_at) AS last
        FROM (
            SELECT r.id, r.created_at, (pg_catalog.row_number() OVER (ORDER BY r.sequence) - 1) / p_page AS page
            FROM app.events_to_replay(p_aggregate_type, p_aggregate_id, p_event_type, p_from, p_to) AS r
        ) AS n
        GROUP BY n.page
        ORDER BY n.page
    LOOP
        FOR v_event IN
            SELECT o.* FROM app.outbox AS o
            WHERE o.id = ANY (v_page.ids) AND o.created_at BETWEEN v_page.first AND v_page.last
            ORDER BY o.sequence
        LOOP
            PERFORM app.publish_again(v_event, p_topic, p_consumer);
            p_replayed := p_replayed + 1;
        END LOOP;
        COMMIT;
        PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
        v_early := p_replayed / p_per_second
            - extract(epoch FROM pg_catalog.clock_timestamp() - v_begin);
        PERFORM pg_catalog.pg_sleep(v_early) WHERE v_early > 0;
    END LOOP;
END
$specql$;

REVOKE ALL ON PROCEDURE app.replay_outbox_in_pages(
    text, uuid, text, timestamptz, timestamptz, text, text, integer, numeric, bigint
) FROM PUBLIC;
