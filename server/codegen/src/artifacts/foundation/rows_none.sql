-- No action of this project publishes events, so there is no table for them.
CREATE OR REPLACE FUNCTION app.write_rows(
    ctx$ app.context, spec$ jsonb, images$ app.image[], first$ integer, leading$ jsonb, base$ jsonb,
    with$ jsonb, given$ jsonb
) RETURNS void
LANGUAGE sql
RETURN NULL;
