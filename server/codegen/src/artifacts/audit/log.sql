-- One row per mutation of audited rows, wherever its cascade is kept, and where none is. Insert-only.
CREATE TABLE IF NOT EXISTS app.mutation_log (
    mutation_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    action text NOT NULL,
    entity text,
    entity_id uuid,
    -- NULL where it is kept beside the audit rows, or nowhere.
    cascade_data jsonb,
    cascade_entities text[] NOT NULL DEFAULT '{}',
    changed_by uuid,
    change_reason text,
    correlation_id uuid,
    causation_id uuid,
    event_id uuid,
    traceparent text,
    transaction_id bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (mutation_id, created_at)
) PARTITION BY RANGE (created_at);

-- A log of an earlier revision gets what it lacks; one that lacks nothing is not locked for it.
DO $specql$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(ARRAY['entity', 'entity_id', 'change_reason', 'causation_id', 'event_id']) AS w(name)
        WHERE NOT EXISTS (
            SELECT FROM pg_catalog.pg_attribute AS a
            WHERE a.attrelid = 'app.mutation_log'::regclass AND a.attname = w.name AND NOT a.attisdropped
        )
    ) OR EXISTS (
        SELECT FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = 'app.mutation_log'::regclass AND a.attname = 'cascade_data' AND a.attnotnull
    ) THEN
        ALTER TABLE app.mutation_log
            ADD COLUMN IF NOT EXISTS entity text,
            ADD COLUMN IF NOT EXISTS entity_id uuid,
            ADD COLUMN IF NOT EXISTS change_reason text,
            ADD COLUMN IF NOT EXISTS causation_id uuid,
            ADD COLUMN IF NOT EXISTS event_id uuid,
            ALTER COLUMN cascade_data DROP NOT NULL;
    END IF;
END
$specql$;

CREATE INDEX IF NOT EXISTS idx_mutation_log_tenant_id ON app.mutation_log (tenant_id, created_at DESC);

CREATE INDEX IF NOT EXISTS idx_mutation_log_created_at ON app.mutation_log USING brin (created_at);

REVOKE ALL ON app.mutation_log FROM PUBLIC;
