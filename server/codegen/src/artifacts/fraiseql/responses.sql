-- What FraiseQL 2.2 and later reads of a mutation.
DO $specql$
BEGIN
    IF to_regtype('app.mutation_error_class') IS NULL THEN
        CREATE TYPE app.mutation_error_class AS ENUM (
            'validation', 'conflict', 'not_found', 'unauthorized', 'forbidden', 'internal', 'transaction_failed',
            'timeout', 'rate_limited', 'service_unavailable'
        );
    END IF;
    IF to_regtype('app.mutation_response') IS NULL THEN
        CREATE TYPE app.mutation_response AS (
            succeeded boolean,
            state_changed boolean,
            error_class app.mutation_error_class,
            status_detail text,
            http_status smallint,
            message text,
            entity_id uuid,
            entity_type text,
            entity jsonb,
            updated_fields text[],
            cascade jsonb,
            error_detail jsonb,
            metadata jsonb
        );
    END IF;
    -- What FraiseQL 1.7 to 1.31 reads.
    IF to_regtype('app.mutation_response_v1') IS NULL THEN
        CREATE TYPE app.mutation_response_v1 AS (
            status text,
            message text,
            entity_id text,
            entity_type text,
            entity jsonb,
            updated_fields text[],
            cascade jsonb,
            metadata jsonb
        );
    END IF;
END
$specql$;

-- The class of a failure: that of its code, else what the caller asked for did not hold.
CREATE OR REPLACE FUNCTION app.mutation_error_class(p_status text) RETURNS app.mutation_error_class
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT CASE
        WHEN p_status NOT LIKE 'failed:%' THEN NULL
        WHEN substr(p_status, 8) = ANY (enum_range(NULL::app.mutation_error_class)::text[])
            THEN substr(p_status, 8)::app.mutation_error_class
        ELSE 'validation'
    END
$specql$;

CREATE OR REPLACE FUNCTION app.mutation_response(p_result app.mutation_result, p_entity_type text)
RETURNS app.mutation_response
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT ROW(
        c.class IS NULL,
        c.class IS NULL,
        c.class,
        CASE WHEN c.class IS NOT NULL THEN substr((p_result).status, 8) END,
        CASE c.class
            WHEN 'not_found' THEN 404
            WHEN 'conflict' THEN 409
            WHEN 'unauthorized' THEN 401
            WHEN 'forbidden' THEN 403
            WHEN 'validation' THEN 422
            WHEN 'timeout' THEN 504
            WHEN 'rate_limited' THEN 429
            WHEN 'service_unavailable' THEN 503
            WHEN 'internal' THEN 500
            WHEN 'transaction_failed' THEN 500
            ELSE 200
        END,
        (p_result).message,
        (p_result).id,
        p_entity_type,
        (p_result).object_data,
        (p_result).updated_fields,
        (p_result).extra_metadata -> '_cascade',
        (p_result).extra_metadata -> '_error',
        (p_result).extra_metadata - '{_cascade,_error}'::text[]
    )::app.mutation_response
    FROM (SELECT app.mutation_error_class((p_result).status) AS class) AS c
$specql$;

-- The status begins with the class, by which FraiseQL tells failures apart; what is nobody's fault has none.
CREATE OR REPLACE FUNCTION app.mutation_response_v1(p_result app.mutation_result, p_entity_type text)
RETURNS app.mutation_response_v1
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT ROW(
        CASE
            WHEN c.class IN ('not_found', 'conflict', 'unauthorized', 'forbidden', 'timeout', 'validation')
                THEN c.class || ':' || substr((p_result).status, 8)
            ELSE (p_result).status
        END,
        (p_result).message,
        (p_result).id::text,
        p_entity_type,
        (p_result).object_data,
        (p_result).updated_fields,
        (p_result).extra_metadata -> '_cascade',
        (p_result).extra_metadata - '_cascade'
    )::app.mutation_response_v1
    FROM (SELECT app.mutation_error_class((p_result).status) AS class) AS c
$specql$;
