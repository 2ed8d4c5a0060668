DO $specql$
BEGIN
    PERFORM app.grant_functions('app', ARRAY['receive_event', 'park_event'], 'specql_consumer');
END
$specql$;
