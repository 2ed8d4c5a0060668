-- What a row is after the event, for the topics of state: the payload, or nothing once it is deleted, of
-- which the broker makes a tombstone. An event that is published again tells of the newest one that is
-- there, so that a replay never brings back an old state.
ALTER TABLE app.outbox ADD COLUMN IF NOT EXISTS state jsonb;

CREATE OR REPLACE FUNCTION app.keep_state() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    NEW.state := CASE WHEN NEW.event_type = ANY (app.deletion_events()) THEN NULL ELSE NEW.event_payload END;
    IF NEW.event_metadata ? 'replayOf' THEN
        SELECT CASE WHEN o.event_type = ANY (app.deletion_events()) THEN NULL ELSE o.event_payload END INTO NEW.state
        FROM (
            SELECT p.event_type, p.event_payload, p.sequence FROM app.outbox AS p
            WHERE p.aggregate_type = NEW.aggregate_type AND p.aggregate_id = NEW.aggregate_id
                AND NOT p.event_metadata ? 'replayOf'
            UNION ALL
            SELECT NEW.event_type, NEW.event_payload, 0
        ) AS o
        ORDER BY o.sequence DESC
        LIMIT 1;
    END IF;
    RETURN NEW;
END
$specql$;

DROP TRIGGER IF EXISTS keep_state ON app.outbox;

CREATE TRIGGER keep_state BEFORE INSERT ON app.outbox
    FOR EACH ROW EXECUTE FUNCTION app.keep_state();
