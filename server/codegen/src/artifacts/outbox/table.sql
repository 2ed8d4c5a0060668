-- Events, written in the transaction of the change and read by Debezium from the log. The rows are
-- never updated: `processed_at` stays empty, because a log-based reader keeps its place itself, and an
-- update would reach it as an operation that it refuses.
CREATE TABLE IF NOT EXISTS app.outbox (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    aggregate_type text NOT NULL CHECK (aggregate_type ~ '^[A-Za-z0-9._-]+$'),
    aggregate_id uuid NOT NULL,
    event_type text NOT NULL,
    event_payload jsonb NOT NULL CHECK (jsonb_typeof(event_payload) = 'object'),
    event_metadata jsonb NOT NULL DEFAULT '{}'::jsonb CHECK (jsonb_typeof(event_metadata) = 'object'),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    processed_at timestamptz,
    trace_id text,
    correlation_id uuid,
    event_version integer NOT NULL DEFAULT 1 CHECK (event_version > 0),
    tenant_id uuid NOT NULL,
    topic text NOT NULL CHECK (topic ~ '^[A-Za-z0-9._-]{1,249}$'),
    partition_key text NOT NULL,
    causation_id uuid,
    traceparent text,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    -- Where the log stood: a row is safe to drop when the reader's slot is past it.
    written_lsn pg_lsn NOT NULL DEFAULT pg_current_wal_insert_lsn(),
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

REVOKE ALL ON app.outbox FROM PUBLIC;
