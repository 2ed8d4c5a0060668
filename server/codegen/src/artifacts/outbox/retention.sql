-- Creates the partitions of the months to come and drops those that are past the retention and that
-- the reader's slot is past; run it daily. Without the slot nothing is dropped, because events that
-- nobody has read would be lost.
CREATE OR REPLACE FUNCTION app.maintain_outbox(
    p_retention interval,
    p_slot name DEFAULT 'specql_outbox'
) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_confirmed pg_lsn;
    v_oldest_unread timestamptz;
BEGIN
    PERFORM app.ensure_partitions('app.outbox');
    SELECT s.confirmed_flush_lsn INTO v_confirmed
    FROM pg_replication_slots AS s
    WHERE s.slot_name = p_slot AND s.database = current_database();
    IF v_confirmed IS NULL THEN
        RETURN 0;
    END IF;
    SELECT min(o.created_at) INTO v_oldest_unread
    FROM app.outbox AS o
    WHERE o.written_lsn >= v_confirmed;
    RETURN app.drop_partitions(
        'app.outbox',
        greatest(p_retention, now() - coalesce(v_oldest_unread, now()))
    );
END
$specql$;

REVOKE ALL ON FUNCTION app.maintain_outbox(interval, name) FROM PUBLIC;
