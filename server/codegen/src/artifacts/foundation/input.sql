-- The value of the first of the names that the input has; NULL when it has none of them.
CREATE OR REPLACE FUNCTION app.input_value(p_input jsonb, VARIADIC p_names text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT p_input -> n.name
    FROM unnest(p_names) WITH ORDINALITY AS n(name, position)
    WHERE p_input ? n.name
    ORDER BY n.position
    LIMIT 1
$specql$;

-- Whether the input has one of the names, even with the value null.
CREATE OR REPLACE FUNCTION app.input_has(p_input jsonb, VARIADIC p_names text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN p_input ?| p_names;

-- The value as text; NULL for null and for what is absent.
CREATE OR REPLACE FUNCTION app.input_text(p_input jsonb, VARIADIC p_names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN app.input_value(p_input, VARIADIC p_names) #>> '{}';

-- The value as it is; NULL for null and for what is absent.
CREATE OR REPLACE FUNCTION app.input_json(p_input jsonb, VARIADIC p_names text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN nullif(app.input_value(p_input, VARIADIC p_names), 'null'::jsonb);
