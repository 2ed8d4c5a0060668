-- The context that a caller sets for its transaction. A setting of a transaction that ended reads as ''.
-- A user or a correlation that is no uuid gets one that is derived from it, so that it breaks nothing;
-- the text itself is kept beside it.

CREATE OR REPLACE FUNCTION app.is_uuid(p_text text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN p_text ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

CREATE OR REPLACE FUNCTION app.as_uuid(p_text text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN app.is_uuid(p_text) THEN p_text::uuid ELSE md5(p_text)::uuid END;

CREATE OR REPLACE FUNCTION app.current_user_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN app.as_uuid(nullif(current_setting('app.user_id', true), ''));

CREATE OR REPLACE FUNCTION app.current_mutation_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN app.as_uuid(nullif(current_setting('app.mutation_id', true), ''));

CREATE OR REPLACE FUNCTION app.current_correlation_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN app.as_uuid(nullif(current_setting('app.correlation_id', true), ''));

-- The event that made the caller act, where one did.
CREATE OR REPLACE FUNCTION app.current_causation_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN app.as_uuid(nullif(current_setting('app.causation_id', true), ''));

-- The W3C trace context of the request, `version-traceid-parentid-flags`; anything else is as good as none.
CREATE OR REPLACE FUNCTION app.current_traceparent() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN substring(
    current_setting('app.traceparent', true)
    FROM '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'
);

-- A trace of its own, for a mutation that no request traces.
CREATE OR REPLACE FUNCTION app.new_traceparent() RETURNS text
LANGUAGE sql VOLATILE
RETURN '00-' || replace(gen_random_uuid()::text, '-', '')
    || '-' || left(replace(gen_random_uuid()::text, '-', ''), 16) || '-01';

-- Why the change is made; kept in the audit trail.
CREATE OR REPLACE FUNCTION app.current_change_reason() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.change_reason', true), '');

-- Decimal digits as they are: newer releases of PostgreSQL read `0x10` and `1_000` as numbers, older ones do
-- not, and neither do clients.
CREATE OR REPLACE FUNCTION app.digits(text$ text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(text$, '_xXoObB', '???????');

-- A duration that ends: newer releases of PostgreSQL have one that does not.
CREATE OR REPLACE FUNCTION app.duration(text$ text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN text$ ~* 'infinity' THEN '' ELSE text$ END;

-- A date, a time of day or both as JSON Schema has them, also without a zone, which is UTC then. Anything else,
-- `now` or `infinity` among it, becomes a text that no such type takes.
CREATE OR REPLACE FUNCTION app.moment(text$ text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN text$ ~ '^(\d{4}-\d\d-\d\d|\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d(:?\d\d)?)?|\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d(:?\d\d)?)?)$' THEN text$
    WHEN text$ IS NOT NULL THEN ''
END;

-- The ids among the items of a list, whatever else is in it.
CREATE OR REPLACE FUNCTION app.listed_ids(list$ jsonb) RETURNS uuid[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(
    SELECT CASE WHEN app.is_uuid(e$.item) THEN e$.item::uuid END
    FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(list$) = 'array' THEN list$ ELSE '[]'::jsonb END) AS e$(item)
);

-- The advisory lock for a value of a key that has to be unique, NULL for none. A key has 256 of them, so that
-- an action that makes any number of rows takes that many at most: they are kept in memory of a fixed size.
CREATE OR REPLACE FUNCTION app.key_lock(key$ text, value$ anyelement) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $specql$
    SELECT CASE WHEN value$ IS NOT NULL
        THEN (hashtextextended(key$, 0) & ~255::bigint) | (hash_record_extended(ROW(value$), 0) & 255)
    END
$specql$;

-- A text cut at a character so that it takes at most so many bytes as JSON: notifications end at 8,000.
CREATE OR REPLACE FUNCTION app.cut_text(text$ text, bytes$ integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    cut$ text := left(text$, bytes$);
    over$ integer := octet_length(to_jsonb(cut$)::text) - 2 - bytes$;
BEGIN
    WHILE over$ > 0 LOOP
        -- A character takes at most six bytes, so these have to go.
        cut$ := left(cut$, length(cut$) - (over$ + 5) / 6);
        over$ := octet_length(to_jsonb(cut$)::text) - 2 - bytes$;
    END LOOP;
    RETURN cut$;
END
$specql$;
