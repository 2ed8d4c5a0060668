-- Clients of this project map the names of fields themselves.
CREATE OR REPLACE FUNCTION app.graphql_name(p_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN p_name;
