DO $specql$
BEGIN
    PERFORM app.grant_functions('app', ARRAY['receive_event', 'take_event', 'park_event'], 'specql_consumer');
END
$specql$;

GRANT USAGE ON SEQUENCE app.parked_event_place TO specql_consumer;
