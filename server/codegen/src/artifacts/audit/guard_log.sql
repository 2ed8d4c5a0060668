-- Keeps audit tables append-only, also for replication roles; retention drops whole partitions. The
-- one update let through is that of an erasure.
CREATE OR REPLACE FUNCTION app.audit_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF app.is_erasure(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '%.% is append-only: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$specql$;
