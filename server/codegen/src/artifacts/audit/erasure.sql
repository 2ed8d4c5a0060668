-- What was erased from the trail, why and by whom, with a digest of what was left. Insert-only.
CREATE TABLE IF NOT EXISTS app.erasure (
    erasure_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL,
    entity text NOT NULL,
    entity_id uuid NOT NULL,
    fields text[] NOT NULL,
    reason text NOT NULL,
    erased_by uuid,
    session_user_name text NOT NULL DEFAULT session_user,
    erased_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction_id bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    audit_rows bigint NOT NULL,
    last_sequence bigint NOT NULL,
    -- SHA-256 over the rows of the entity without the fields: equal before and after.
    digest text NOT NULL
);

REVOKE ALL ON app.erasure FROM PUBLIC;

CREATE OR REPLACE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON app.erasure
FOR EACH ROW EXECUTE FUNCTION app.audit_guard();

CREATE OR REPLACE TRIGGER audit_guard_truncate BEFORE TRUNCATE ON app.erasure
FOR EACH STATEMENT EXECUTE FUNCTION app.audit_guard();

ALTER TABLE app.erasure ENABLE ALWAYS TRIGGER audit_guard, ENABLE ALWAYS TRIGGER audit_guard_truncate;

-- A name without what spellings differ in: `first_name` and `firstName` are one, and so are `owner`, which a
-- cascade has, and the columns `fk_owner` and `owner_id`.
CREATE OR REPLACE FUNCTION app.bare_name(p_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $specql$
    SELECT lower(replace(regexp_replace(p_name, '^fk_|_id$|Id$', '', 'g'), '_', ''))
$specql$;

-- An image with the values of some fields erased; what is null stays null.
CREATE OR REPLACE FUNCTION app.erased_image(p_image jsonb, p_fields text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT CASE WHEN jsonb_typeof(p_image) = 'object' THEN (
        SELECT coalesce(jsonb_object_agg(e.key, CASE
            WHEN e.value <> 'null'::jsonb AND app.bare_name(e.key) = ANY (f.names) THEN '"[erased]"'::jsonb
            ELSE e.value
        END), '{}'::jsonb)
        FROM jsonb_each(p_image) AS e,
            (SELECT array_agg(app.bare_name(n)) AS names FROM unnest(p_fields) AS n) AS f
    ) ELSE p_image END
$specql$;

-- What of an image is not erased.
CREATE OR REPLACE FUNCTION app.image_rest(p_image jsonb, p_fields text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT jsonb_object_agg(e.key, e.value)
    FROM jsonb_each(CASE WHEN jsonb_typeof(p_image) = 'object' THEN p_image END) AS e
    WHERE e.key <> '_cascade' AND app.bare_name(e.key) <> ALL (
        ARRAY(SELECT app.bare_name(n) FROM unnest(p_fields) AS n)
    )
$specql$;

-- The values of some fields of an image, of which nothing may be left.
CREATE OR REPLACE FUNCTION app.erasable_values(p_image jsonb, p_fields text[]) RETURNS jsonb[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT coalesce(array_agg(e.value), '{}')
    FROM jsonb_each(CASE WHEN jsonb_typeof(p_image) = 'object' THEN p_image END) AS e
    WHERE e.value NOT IN ('null'::jsonb, 'true'::jsonb, 'false'::jsonb, '"[erased]"'::jsonb)
        AND app.bare_name(e.key) = ANY (ARRAY(SELECT app.bare_name(n) FROM unnest(p_fields) AS n))
$specql$;

-- The arguments of an invalidation with what they say of erased fields erased: those that have the name of one,
-- and those that have its value under another name.
CREATE OR REPLACE FUNCTION app.erased_arguments(p_arguments jsonb, p_fields text[], p_values jsonb[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT coalesce(jsonb_object_agg(e.key, CASE
        WHEN e.value = ANY (p_values) THEN '"[erased]"'::jsonb
        ELSE e.value
    END), '{}'::jsonb)
    FROM jsonb_each(app.erased_image(p_arguments, p_fields)) AS e
$specql$;

-- A cascade with the fields of one row erased. Its entity may have had another name then, so it is the row of
-- the id that is of none of the others.
CREATE OR REPLACE FUNCTION app.erased_cascade(p_cascade jsonb, p_id uuid, p_fields text[], p_others text[])
RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT p_cascade || jsonb_build_object(
        'updated', (
            SELECT coalesce(jsonb_agg(CASE
                WHEN e.entry ->> 'id' = p_id::text AND e.entry ->> '__typename' <> ALL (p_others)
                    AND e.entry ? 'entity' THEN jsonb_set(
                    e.entry, '{entity}',
                    app.erased_image(e.entry -> 'entity', p_fields)
                        || jsonb_build_object('__typename', e.entry -> '__typename', 'id', p_id)
                )
                ELSE e.entry
            END ORDER BY e.n), '[]'::jsonb)
            FROM jsonb_array_elements(p_cascade -> 'updated') WITH ORDINALITY AS e(entry, n)
        ),
        'invalidations', (
            SELECT coalesce(jsonb_agg(CASE
                WHEN i.entry ? 'arguments' THEN jsonb_set(
                    i.entry, '{arguments}', app.erased_arguments(i.entry -> 'arguments', p_fields, (
                        SELECT app.erasable_values(e.entry -> 'entity', p_fields)
                        FROM jsonb_array_elements(p_cascade -> 'updated') AS e(entry)
                        WHERE e.entry ->> 'id' = p_id::text AND e.entry ->> '__typename' <> ALL (p_others)
                        LIMIT 1
                    ))
                )
                ELSE i.entry
            END ORDER BY i.n), '[]'::jsonb)
            FROM jsonb_array_elements(p_cascade -> 'invalidations') WITH ORDINALITY AS i(entry, n)
        )
    )
$specql$;

-- Whether a change of a row of the trail is one of the erasure that this transaction does: values
-- become `[erased]`, and nothing else becomes anything.
CREATE OR REPLACE FUNCTION app.is_erasure(p_old jsonb, p_new jsonb) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_images text[] := ARRAY['old_values', 'new_values', 'cascade_data'];
BEGIN
    IF coalesce(current_setting('app.erasure_id', true), '') = '' OR p_old - v_images <> p_new - v_images THEN
        RETURN false;
    END IF;
    IF NOT EXISTS (
        SELECT FROM app.erasure AS e
        WHERE e.erasure_id::text = current_setting('app.erasure_id', true)
            AND e.transaction_id = pg_current_xact_id()::text::bigint
            AND e.tenant_id::text = p_old ->> 'tenant_id'
    ) THEN
        RETURN false;
    END IF;
    RETURN NOT EXISTS (
        SELECT FROM unnest(v_images[:2]) AS i(name),
            jsonb_each(CASE WHEN jsonb_typeof(p_old -> i.name) = 'object' THEN p_old -> i.name END) AS o
        WHERE o.key <> '_cascade'
            AND o.value IS DISTINCT FROM p_new -> i.name -> o.key
            AND (p_new -> i.name -> o.key) IS DISTINCT FROM '"[erased]"'::jsonb
    );
END
$specql$;
