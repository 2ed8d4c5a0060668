CREATE SCHEMA IF NOT EXISTS app;

CREATE SCHEMA IF NOT EXISTS mutation_metadata;

DO $specql$
BEGIN
    IF to_regtype('app.mutation_result') IS NULL THEN
        CREATE TYPE app.mutation_result AS (
            id uuid,
            updated_fields text[],
            status text,
            message text,
            object_data jsonb,
            extra_metadata jsonb
        );
    END IF;
    IF to_regtype('mutation_metadata.entity_impact') IS NULL THEN
        CREATE TYPE mutation_metadata.entity_impact AS (
            entity_type text,
            operation text,
            modified_fields text[]
        );
    END IF;
    IF to_regtype('mutation_metadata.cache_invalidation') IS NULL THEN
        CREATE TYPE mutation_metadata.cache_invalidation AS (
            query text,
            filter jsonb,
            strategy text,
            reason text
        );
    END IF;
    IF to_regtype('mutation_metadata.mutation_impact_metadata') IS NULL THEN
        CREATE TYPE mutation_metadata.mutation_impact_metadata AS (
            primary_entity mutation_metadata.entity_impact,
            actual_side_effects mutation_metadata.entity_impact[],
            cache_invalidations mutation_metadata.cache_invalidation[]
        );
    END IF;
    IF to_regtype('app.context') IS NULL THEN
        -- What an action knows of its caller, read once. `labels` has what was given and is no uuid or trace.
        CREATE TYPE app.context AS (
            mutation_id uuid,
            outer_id text,
            tenant_id uuid,
            user_id uuid,
            correlation_id uuid,
            causation_id uuid,
            event_id uuid,
            traceparent text,
            labels jsonb
        );
        -- A row that a step wrote: operation C, U or D; V for one that the answer shows and nothing wrote.
        CREATE TYPE app.touch AS (entity text, op text, id uuid);
        -- An action that was called, for its events and its hints.
        CREATE TYPE app.call AS (spec jsonb, touched app.touch[], arguments jsonb);
        -- What the steps of an action leave for the end.
        CREATE TYPE app.work AS (
            id uuid,
            fields text[],
            touched app.touch[],
            arguments jsonb,
            calls app.call[],
            message text
        );
        -- A touched row as it stands at the end: in SQL spelling, in the spelling of the API, and as the
        -- audit may keep it (NULL: all of it).
        CREATE TYPE app.image AS (entity text, op text, id uuid, view jsonb, image jsonb, kept jsonb);
    END IF;
    IF NOT EXISTS (
        SELECT FROM pg_attribute AS a
        JOIN pg_class AS c ON c.oid = a.attrelid
        WHERE c.oid = to_regclass('app.work') AND a.attname = 'message'
    ) THEN
        ALTER TYPE app.work ADD ATTRIBUTE message text;
    END IF;
END
$specql$;
