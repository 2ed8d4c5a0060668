-- Nothing is audited, so no mutation is logged.
CREATE OR REPLACE FUNCTION app.keep_mutation(
    ctx$ app.context, spec$ jsonb, id$ uuid, entities$ text[], has_events$ boolean, cascade$ jsonb
) RETURNS void
LANGUAGE sql
RETURN NULL;
REVOKE ALL ON FUNCTION app.keep_mutation(app.context, jsonb, uuid, text[], boolean, jsonb) FROM PUBLIC;
