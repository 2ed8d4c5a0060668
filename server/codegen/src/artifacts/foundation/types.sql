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
END
$specql$;
