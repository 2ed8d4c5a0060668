GRANT USAGE ON SEQUENCE app.parked_event_place TO specql_consumer;
