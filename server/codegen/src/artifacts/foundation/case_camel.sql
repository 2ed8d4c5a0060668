-- The GraphQL spelling of a column name; names that start with an underscore stay.
CREATE OR REPLACE FUNCTION app.graphql_name(p_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT CASE
        WHEN left(p_name, 1) = '_' THEN p_name
        ELSE (
            SELECT string_agg(
                CASE WHEN w.position = 1 THEN w.word ELSE upper(left(w.word, 1)) || substr(w.word, 2) END,
                '' ORDER BY w.position
            )
            FROM string_to_table(p_name, '_') WITH ORDINALITY AS w(word, position)
        )
    END
$specql$;
