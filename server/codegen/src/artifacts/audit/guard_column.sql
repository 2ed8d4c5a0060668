-- Keeps audit tables append-only, also for replication roles; retention drops whole partitions. The
-- updates let through are those of an erasure, and of a mutation which fills in its own cascade, once.
CREATE OR REPLACE FUNCTION app.audit_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (to_jsonb(OLD) ->> 'mutation_id')::uuid = app.current_mutation_id()
            AND to_jsonb(OLD) ->> 'cascade_data' IS NULL
            AND to_jsonb(OLD) - ARRAY['cascade_data', 'cascade_entities']
                = to_jsonb(NEW) - ARRAY['cascade_data', 'cascade_entities']
        THEN
            RETURN NEW;
        END IF;
        IF app.is_erasure(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '%.% is append-only: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$specql$;
