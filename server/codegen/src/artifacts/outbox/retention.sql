DROP FUNCTION IF EXISTS app.maintain_outbox(interval, name);

-- Creates the partitions of the months to come and drops those that are past the retention and that
-- the slots of all readers are past; run it daily. While one of them is missing nothing is dropped, because
-- events that nobody has read would be lost. It looks into the partitions that it may drop only, and refuses to run
-- under row-level security, where it would not see every event. It gives up before an action that waits for
-- it would: run it again then.
CREATE OR REPLACE FUNCTION app.maintain_outbox(
    p_retention interval,
    VARIADIC p_slots name[] DEFAULT '{specql_outbox}'
) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off SET lock_timeout = '400ms'
AS $specql$
DECLARE
    v_confirmed pg_lsn;
    v_partition record;
    v_unread timestamptz;
    v_kept timestamptz := now() - p_retention;
BEGIN
    PERFORM app.ensure_partitions('app.outbox');
    SELECT min(s.confirmed_flush_lsn) INTO v_confirmed
    FROM pg_replication_slots AS s
    WHERE s.slot_name = ANY (p_slots) AND s.database = current_database()
    HAVING count(s.confirmed_flush_lsn) = cardinality(p_slots);
    IF v_confirmed IS NULL THEN
        RETURN 0;
    END IF;
    FOR v_partition IN
        SELECT p.partition FROM app.partitions('app.outbox') AS p
        WHERE p.upper_bound IS NULL OR p.upper_bound <= v_kept
    LOOP
        EXECUTE format('SELECT min(o.created_at) FROM %s AS o WHERE o.written_lsn >= $1', v_partition.partition)
            INTO v_unread USING v_confirmed;
        v_kept := least(v_kept, v_unread);
    END LOOP;
    RETURN app.drop_partitions('app.outbox', now() - v_kept);
END
$specql$;

REVOKE ALL ON FUNCTION app.maintain_outbox(interval, name[]) FROM PUBLIC;
