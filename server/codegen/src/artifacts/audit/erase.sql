-- Every trail that stands, also of entities whose files ask for none any more.
CREATE OR REPLACE FUNCTION app.trails() RETURNS SETOF regclass
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT c.oid::regclass
    FROM pg_class AS c
    JOIN pg_trigger AS g ON g.tgrelid = c.oid AND g.tgname = 'audit_guard'
    WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'p' AND c.relname <> 'mutation_log'
    ORDER BY c.relname
$specql$;

-- The rows of one entity in the trail: how many, the last of them, and a digest of all that is not in
-- some fields.
CREATE OR REPLACE FUNCTION app.audit_digest(
    p_table regclass, p_entity_id uuid, p_tenant_id uuid, p_fields text[], p_last bigint DEFAULT NULL,
    OUT audit_rows bigint, OUT last_sequence bigint, OUT digest text
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET "TimeZone" = 'UTC' SET datestyle = 'ISO, YMD'
AS $specql$
BEGIN
    EXECUTE format($query$
        SELECT count(*), max(a.sequence), encode(sha256(convert_to(coalesce(string_agg((
            to_jsonb(a) - ARRAY['old_values', 'new_values', 'cascade_data']
                || jsonb_build_object('old', app.image_rest(a.old_values, $3), 'new', app.image_rest(a.new_values, $3))
        )::text, E'\n' ORDER BY a.sequence), ''), 'UTF8')), 'hex')
        FROM %s AS a
        WHERE a.entity_id = $1 AND a.tenant_id = $2 AND ($4 IS NULL OR a.sequence <= $4)
    $query$, p_table) INTO audit_rows, last_sequence, digest USING p_entity_id, p_tenant_id, p_fields, p_last;
END
$specql$;

-- Erases what the trail holds of one row, in all images and all cascades: the values of `p_fields`, or of
-- every field that is neither a key nor a column that every table has. That rows, their order, who and
-- when are as they were is compared before it is done, and recorded in `app.erasure`; answers with its id.
-- Run it as the owner of the tables.
CREATE OR REPLACE FUNCTION app.erase_audit(
    p_entity text,
    p_entity_id uuid,
    p_reason text,
    p_fields text[] DEFAULT NULL,
    p_tenant_id uuid DEFAULT app.current_tenant_id()
) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_table regclass;
    v_fields text[] := p_fields;
    v_known text[];
    v_before record;
    v_after record;
    v_id uuid;
    -- A cascade that says something of the row: what its update made of it, or that it is gone.
    v_row jsonb := jsonb_build_array(jsonb_build_object('id', p_entity_id));
    v_entries jsonb[] := ARRAY[jsonb_build_object('updated', v_row), jsonb_build_object('deleted', v_row)];
    v_other record;
    v_unknown text;
    v_others text[] := app.other_entities(p_entity);
BEGIN
    SELECT t.audit_table INTO v_table FROM app.audit_tables() AS t WHERE t.entity = p_entity;
    IF v_table IS NULL THEN
        RAISE EXCEPTION 'no audited entity is called %', p_entity USING ERRCODE = 'undefined_object';
    END IF;
    IF coalesce(p_reason, '') = '' THEN
        RAISE EXCEPTION 'say why: an erasure is recorded with its reason' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    -- Nobody adds a row to the trail while it is compared.
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', v_table);
    EXECUTE format($query$
        SELECT array_agg(DISTINCT k.name)
        FROM %s AS a, jsonb_object_keys(coalesce(a.old_values, '{}') || coalesce(a.new_values, '{}')) AS k(name)
        WHERE a.entity_id = $1 AND a.tenant_id = $2
    $query$, v_table) INTO v_known USING p_entity_id, p_tenant_id;
    IF v_fields IS NULL THEN
        v_fields := ARRAY(
            SELECT k.name FROM unnest(v_known) AS k(name)
            WHERE k.name !~ '^(pk|fk)_' AND k.name NOT IN (
                'id', 'tenant_id', 'created_at', 'created_by', 'updated_at', 'updated_by', 'deleted_at',
                'deleted_by', '_cascade'
            )
        );
    END IF;
    SELECT n.name INTO v_unknown FROM unnest(p_fields) AS n(name)
    WHERE app.bare_name(n.name) <> ALL (ARRAY(SELECT app.bare_name(k.name) FROM unnest(v_known) AS k(name)))
    LIMIT 1;
    IF v_unknown IS NOT NULL THEN
        RAISE EXCEPTION 'the trail of % % has no field %', p_entity, p_entity_id, v_unknown
            USING ERRCODE = 'undefined_column';
    END IF;
    v_before := app.audit_digest(v_table, p_entity_id, p_tenant_id, v_fields);
    IF v_before.audit_rows = 0 OR coalesce(cardinality(v_fields), 0) = 0 THEN
        RAISE EXCEPTION 'the trail holds nothing of % % that could be erased', p_entity, p_entity_id
            USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO app.erasure (
        tenant_id, entity, entity_id, fields, reason, erased_by, audit_rows, last_sequence, digest
    )
    VALUES (
        p_tenant_id, p_entity, p_entity_id, v_fields, p_reason, app.current_user_id(), v_before.audit_rows,
        v_before.last_sequence, v_before.digest
    )
    RETURNING erasure_id INTO v_id;
    PERFORM set_config('app.erasure_id', v_id::text, true);
    EXECUTE format($query$
        UPDATE %s AS a
        SET old_values = app.erased_image(a.old_values, $3), new_values = app.erased_image(a.new_values, $3)
        WHERE a.entity_id = $1 AND a.tenant_id = $2
    $query$, v_table) USING p_entity_id, p_tenant_id, v_fields;
    -- Cascades hold it too: those in the log, and those beside the rows of other entities.
    UPDATE app.mutation_log AS m
    SET cascade_data = app.erased_cascade(m.cascade_data, p_entity_id, v_fields, v_others)
    WHERE m.tenant_id = p_tenant_id AND m.cascade_data @> ANY (v_entries);
    FOR v_other IN
        SELECT t.trail AS audit_table, EXISTS (
            SELECT FROM pg_attribute AS c
            WHERE c.attrelid = t.trail AND c.attname = 'cascade_data' AND NOT c.attisdropped
        ) AS has_column
        FROM app.trails() AS t(trail)
    LOOP
        IF v_other.has_column THEN
            EXECUTE format($query$
                UPDATE %s AS a SET cascade_data = app.erased_cascade(a.cascade_data, $1, $2, $5)
                WHERE a.tenant_id = $3 AND a.cascade_data @> ANY ($4)
            $query$, v_other.audit_table) USING p_entity_id, v_fields, p_tenant_id, v_entries, v_others;
        END IF;
        EXECUTE format($query$
            UPDATE %s AS a SET new_values = jsonb_set(
                a.new_values, '{_cascade}', app.erased_cascade(a.new_values -> '_cascade', $1, $2, $5)
            )
            WHERE a.tenant_id = $3 AND a.new_values -> '_cascade' @> ANY ($4)
        $query$, v_other.audit_table) USING p_entity_id, v_fields, p_tenant_id, v_entries, v_others;
    END LOOP;
    PERFORM set_config('app.erasure_id', '', true);
    v_after := app.audit_digest(v_table, p_entity_id, p_tenant_id, v_fields);
    IF v_after IS DISTINCT FROM v_before THEN
        RAISE EXCEPTION 'the trail of % % would not be the same without the erased fields', p_entity, p_entity_id
            USING ERRCODE = 'data_exception';
    END IF;
    RETURN v_id;
END
$specql$;

REVOKE ALL ON FUNCTION app.erase_audit(text, uuid, text, text[], uuid) FROM PUBLIC;

-- Whether the trail is as an erasure left it: the same rows, the same in all that was not erased, and
-- nothing of what was. NULL once the retention has dropped rows of it, when nobody can say.
CREATE OR REPLACE FUNCTION app.verify_erasure(p_erasure_id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_erasure app.erasure;
    v_table regclass;
    v_now record;
    v_left boolean;
    v_row jsonb;
    v_entries jsonb[];
    v_others text[];
BEGIN
    SELECT e.* INTO v_erasure FROM app.erasure AS e WHERE e.erasure_id = p_erasure_id;
    v_others := app.other_entities(v_erasure.entity);
    SELECT t.audit_table INTO v_table FROM app.audit_tables() AS t WHERE t.entity = v_erasure.entity;
    IF v_table IS NULL THEN
        RETURN NULL;
    END IF;
    v_now := app.audit_digest(
        v_table, v_erasure.entity_id, v_erasure.tenant_id, v_erasure.fields, v_erasure.last_sequence
    );
    IF v_now.audit_rows < v_erasure.audit_rows THEN
        RETURN NULL;
    END IF;
    EXECUTE format($query$
        SELECT EXISTS (
            SELECT FROM %s AS a
            WHERE a.entity_id = $1 AND a.tenant_id = $2 AND a.sequence <= $4 AND (
                app.erased_image(a.old_values, $3) IS DISTINCT FROM a.old_values
                OR app.erased_image(a.new_values, $3) IS DISTINCT FROM a.new_values
            )
        )
    $query$, v_table) INTO v_left
    USING v_erasure.entity_id, v_erasure.tenant_id, v_erasure.fields, v_erasure.last_sequence;
    v_row := jsonb_build_array(jsonb_build_object('id', v_erasure.entity_id));
    v_entries := ARRAY[jsonb_build_object('updated', v_row), jsonb_build_object('deleted', v_row)];
    IF v_left OR v_now.digest <> v_erasure.digest OR EXISTS (
        SELECT FROM app.mutation_log AS m
        WHERE m.tenant_id = v_erasure.tenant_id AND m.created_at < v_erasure.erased_at
            AND m.cascade_data @> ANY (v_entries)
            AND m.cascade_data IS DISTINCT FROM app.erased_cascade(
                m.cascade_data, v_erasure.entity_id, v_erasure.fields, v_others
            )
    ) THEN
        RETURN false;
    END IF;
    -- Cascades beside the rows of any entity.
    FOR v_table IN SELECT t.trail FROM app.trails() AS t(trail) LOOP
        EXECUTE format($query$
            SELECT EXISTS (
                SELECT FROM %s AS a, LATERAL (
                    SELECT coalesce(nullif(to_jsonb(a) -> 'cascade_data', 'null'), a.new_values -> '_cascade')
                ) AS k(kept)
                WHERE a.tenant_id = $1 AND a.changed_at < $2 AND k.kept @> ANY ($3)
                    AND k.kept IS DISTINCT FROM app.erased_cascade(k.kept, $4, $5, $6)
            )
        $query$, v_table) INTO v_left
        USING v_erasure.tenant_id, v_erasure.erased_at, v_entries, v_erasure.entity_id, v_erasure.fields, v_others;
        IF v_left THEN
            RETURN false;
        END IF;
    END LOOP;
    RETURN true;
END
$specql$;
