-- One row per mutation: its cascade, beside the rows that the triggers write. Insert-only.
CREATE TABLE IF NOT EXISTS app.mutation_log (
    mutation_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    action text NOT NULL,
    cascade_data jsonb NOT NULL,
    cascade_entities text[] NOT NULL DEFAULT '{}',
    changed_by uuid,
    correlation_id uuid,
    traceparent text,
    transaction_id bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (mutation_id, created_at)
) PARTITION BY RANGE (created_at);

CREATE INDEX IF NOT EXISTS idx_mutation_log_tenant_id ON app.mutation_log (tenant_id, created_at DESC);

CREATE INDEX IF NOT EXISTS idx_mutation_log_created_at ON app.mutation_log USING brin (created_at);

REVOKE ALL ON app.mutation_log FROM PUBLIC;
