-- Whether every value of a type is one of another, as `format_type` spells them.
CREATE OR REPLACE FUNCTION app.is_wider_type(p_old text, p_new text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $specql$
    SELECT CASE
        WHEN p_old = 'smallint' THEN p_new IN ('integer', 'bigint', 'numeric')
        WHEN p_old = 'integer' THEN p_new IN ('bigint', 'numeric')
        WHEN p_old = 'bigint' THEN p_new = 'numeric'
        WHEN p_old = 'real' THEN p_new = 'double precision'
        WHEN p_old ~ '^character varying' THEN p_new IN ('text', 'character varying')
            OR substring(p_new FROM '^character varying\((\d+)\)$')::integer
                >= substring(p_old FROM '\((\d+)\)$')::integer
        WHEN p_old ~ '^numeric\(' THEN p_new = 'numeric' OR (
            substring(p_new FROM '^numeric\(\d+,(\d+)\)$')::integer >= substring(p_old FROM ',(\d+)\)$')::integer
            AND substring(p_new FROM '^numeric\((\d+),')::integer - substring(p_new FROM ',(\d+)\)$')::integer
                >= substring(p_old FROM '\((\d+),')::integer - substring(p_old FROM ',(\d+)\)$')::integer
        )
        ELSE false
    END
$specql$;

CREATE OR REPLACE FUNCTION app.refuse_change(p_table regclass, p_what text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    RAISE EXCEPTION '% is of an earlier revision: %', p_table, p_what USING
        ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'bring the rows and the column to the new shape yourself, then load this file again';
END
$specql$;

-- Brings a table of an earlier revision up to a definition, as far as nothing is lost: adds columns,
-- widens types, sets defaults, lets NULL in, drops checks and unique indexes that are gone. New and
-- changed checks hold for what is written from now on; app.validate_table looks at the rows that stand,
-- and app.settle_table finishes: each in a transaction of its own, so that no scan keeps writers out.
-- What would lose data is refused; columns that no field has are left and named.
CREATE OR REPLACE FUNCTION app.update_table(p_table regclass, p_definition text, p_unique text[] DEFAULT '{}')
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_wanted regclass;
    v_item record;
    v_name name := (SELECT c.relname FROM pg_class AS c WHERE c.oid = p_table);
BEGIN
    EXECUTE format('CREATE TEMPORARY TABLE "wanted$" (%s) ON COMMIT DROP', p_definition);
    v_wanted := to_regclass('pg_temp."wanted$"');
    -- What a run that was broken off has left.
    FOR v_item IN
        SELECT c.conname AS name FROM pg_constraint AS c
        WHERE c.conrelid = p_table AND c.conname ~ '^(new|required)\$'
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', p_table, v_item.name);
    END LOOP;
    FOR v_item IN
        SELECT
            w.attname AS name, format_type(w.atttypid, w.atttypmod) AS type, w.attnotnull AS required,
            pg_get_expr(f.adbin, f.adrelid) AS fallback, w.attidentity <> '' AS is_key,
            h.attname IS NOT NULL AS stands, format_type(h.atttypid, h.atttypmod) AS old_type,
            h.attnotnull AS was_required, pg_get_expr(g.adbin, g.adrelid) AS old_fallback
        FROM pg_attribute AS w
        LEFT JOIN pg_attrdef AS f ON f.adrelid = w.attrelid AND f.adnum = w.attnum
        LEFT JOIN pg_attribute AS h
            ON h.attrelid = p_table AND h.attname = w.attname AND h.attnum > 0 AND NOT h.attisdropped
        LEFT JOIN pg_attrdef AS g ON g.adrelid = h.attrelid AND g.adnum = h.attnum
        WHERE w.attrelid = v_wanted AND w.attnum > 0
        ORDER BY w.attnum
    LOOP
        IF NOT v_item.stands THEN
            IF v_item.is_key THEN
                PERFORM app.refuse_change(p_table, format('it has no key %I', v_item.name));
            END IF;
            BEGIN
                EXECUTE format(
                    'ALTER TABLE %s ADD COLUMN %I %s%s%s', p_table, v_item.name, v_item.type,
                    ' DEFAULT ' || v_item.fallback, CASE WHEN v_item.required THEN ' NOT NULL' END
                );
            EXCEPTION WHEN not_null_violation THEN
                PERFORM app.refuse_change(
                    p_table, format('it has rows, and %I is required and has no default', v_item.name)
                );
            END;
            CONTINUE;
        END IF;
        IF v_item.type <> v_item.old_type THEN
            IF NOT app.is_wider_type(v_item.old_type, v_item.type) IS TRUE THEN
                PERFORM app.refuse_change(
                    p_table, format('%I is %s there and %s now', v_item.name, v_item.old_type, v_item.type)
                );
            END IF;
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s', p_table, v_item.name, v_item.type);
        END IF;
        IF v_item.fallback IS DISTINCT FROM v_item.old_fallback THEN
            EXECUTE format(
                'ALTER TABLE %s ALTER COLUMN %I %s', p_table, v_item.name,
                coalesce('SET DEFAULT ' || v_item.fallback, 'DROP DEFAULT')
            );
        END IF;
        IF v_item.was_required AND NOT v_item.required THEN
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', p_table, v_item.name);
        ELSIF v_item.required AND NOT v_item.was_required THEN
            PERFORM app.add_check(p_table, 'required$' || md5(v_item.name), format('%I IS NOT NULL', v_item.name));
        END IF;
    END LOOP;

    FOR v_item IN
        SELECT h.attname AS name, h.attnotnull AND NOT h.atthasdef AND h.attidentity = '' AS required
        FROM pg_attribute AS h
        WHERE h.attrelid = p_table AND h.attnum > 0 AND NOT h.attisdropped AND NOT EXISTS (
            SELECT FROM pg_attribute AS w WHERE w.attrelid = v_wanted AND w.attname = h.attname AND w.attnum > 0
        )
        ORDER BY h.attnum
    LOOP
        IF v_item.required THEN
            PERFORM app.refuse_change(
                p_table, format('%I is required there and no field has it, so nothing could be inserted', v_item.name)
            );
        END IF;
        RAISE WARNING '% keeps the column %, which no field has', p_table, v_item.name;
    END LOOP;

    FOR v_item IN
        SELECT
            w.conname AS name, pg_get_expr(w.conbin, w.conrelid) AS condition, h.conname AS old_name,
            pg_get_expr(h.conbin, h.conrelid) AS old_condition
        FROM (SELECT * FROM pg_constraint WHERE conrelid = v_wanted AND contype = 'c') AS w
        FULL JOIN (
            SELECT * FROM pg_constraint AS c
            WHERE c.conrelid = p_table AND c.contype = 'c' AND starts_with(c.conname, 'chk_' || v_name || '_')
        ) AS h ON h.conname = w.conname
    LOOP
        IF v_item.name IS NULL THEN
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', p_table, v_item.old_name);
        ELSIF v_item.old_name IS NULL THEN
            PERFORM app.add_check(p_table, v_item.name, v_item.condition);
        ELSIF v_item.condition <> v_item.old_condition THEN
            PERFORM app.add_check(p_table, 'new$' || md5(v_item.name), v_item.condition);
        END IF;
    END LOOP;
    EXECUTE 'DROP TABLE pg_temp."wanted$"';

    FOR v_item IN
        SELECT i.indexrelid::regclass AS name
        FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE i.indrelid = p_table AND i.indisunique AND starts_with(c.relname, 'uq_' || v_name || '_')
            AND c.relname <> ALL (p_unique)
    LOOP
        EXECUTE format('DROP INDEX %s', v_item.name);
    END LOOP;
END
$specql$;

-- Puts indexes in the place of those of their names that are others: in one go, so that what is unique stays
-- so. The definitions are what follows the table; what is unique is called uq_. As for a new index, writers
-- wait meanwhile: a migration makes it before, without a lock. One that has `_` where `$` stands now has only
-- another name.
CREATE OR REPLACE FUNCTION app.update_indexes(p_table regclass, p_names name[], p_definitions text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_item record;
    v_unique text;
    v_is_other boolean;
BEGIN
    FOR v_item IN
        SELECT w.name, w.definition, c.relname AS old_name, i.indexrelid, i.indisunique, i.indisvalid
        FROM unnest(p_names, p_definitions) AS w(name, definition)
        JOIN pg_class AS c ON c.relname IN (w.name, replace(w.name, '$', '_'))
        JOIN pg_index AS i ON i.indexrelid = c.oid AND i.indrelid = p_table
        WHERE c.relname = w.name OR NOT EXISTS (
            SELECT FROM pg_class AS o WHERE o.relname = w.name AND o.relnamespace = c.relnamespace
        )
    LOOP
        EXECUTE format('CREATE TEMPORARY TABLE "wanted$" (LIKE %s) ON COMMIT DROP', p_table);
        v_unique := CASE WHEN starts_with(v_item.name, 'uq_') THEN 'UNIQUE ' ELSE '' END;
        EXECUTE format('CREATE %sINDEX "wanted$index" ON pg_temp."wanted$" %s', v_unique, v_item.definition);
        v_is_other := NOT v_item.indisvalid OR v_item.indisunique <> (v_unique <> '')
            OR substring(pg_get_indexdef(v_item.indexrelid) FROM ' USING .*')
                <> substring(pg_get_indexdef(to_regclass('pg_temp."wanted$index"')) FROM ' USING .*');
        IF v_item.old_name <> v_item.name THEN
            -- Another one that has the old name is left to whoever wants it.
            IF NOT v_is_other THEN
                EXECUTE format('ALTER INDEX %s RENAME TO %I', v_item.indexrelid::regclass, v_item.name);
            END IF;
        ELSIF v_is_other THEN
            EXECUTE format('CREATE %sINDEX %I ON %s %s', v_unique, 'new$' || v_item.name, p_table, v_item.definition);
            EXECUTE format('DROP INDEX %s', v_item.indexrelid::regclass);
            EXECUTE format('ALTER INDEX %I.%I RENAME TO %I', (
                SELECT n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = p_table
            ), 'new$' || v_item.name, v_item.name);
        END IF;
        EXECUTE 'DROP TABLE pg_temp."wanted$"';
    END LOOP;
END
$specql$;

-- A check that holds for what is written from now on.
CREATE OR REPLACE FUNCTION app.add_check(p_table regclass, p_name name, p_condition text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s) NOT VALID', p_table, p_name, p_condition);
END
$specql$;

-- A reference that holds for what is written from now on.
CREATE OR REPLACE FUNCTION app.update_reference(
    p_table regclass, p_column name, p_target regclass, p_key name, p_name name
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_target regclass := (
        SELECT c.confrelid FROM pg_constraint AS c
        WHERE c.conrelid = p_table AND c.conname = p_name AND c.contype = 'f'
    );
BEGIN
    IF v_target IS NULL THEN
        EXECUTE format(
            'ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (%I) REFERENCES %s (%I) NOT VALID',
            p_table, p_name, p_column, p_target, p_key
        );
    ELSIF v_target <> p_target THEN
        PERFORM app.refuse_change(p_table, format('%I leads to %s there and to %s now', p_column, v_target, p_target));
    END IF;
END
$specql$;

-- Looks whether the rows that stand satisfy what update_table and update_reference added. What they
-- do not satisfy is taken back; app.settle_table then says so.
CREATE OR REPLACE FUNCTION app.validate_table(p_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_item name;
    v_refused text;
BEGIN
    FOR v_item IN
        SELECT c.conname
        FROM pg_constraint AS c
        JOIN pg_class AS t ON t.oid = c.conrelid
        WHERE c.conrelid = p_table AND NOT c.convalidated AND (
            c.conname ~ '^(new|required)\$' OR starts_with(c.conname, 'chk_' || t.relname || '_')
            OR starts_with(c.conname, t.relname || '_fk_')
        )
        ORDER BY c.conname
    LOOP
        BEGIN
            EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', p_table, v_item);
        EXCEPTION WHEN check_violation OR foreign_key_violation THEN
            v_refused := concat_ws('; ', v_refused, (
                SELECT pg_get_constraintdef(c.oid) FROM pg_constraint AS c
                WHERE c.conrelid = p_table AND c.conname = v_item
            ));
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', p_table, v_item);
        END;
    END LOOP;
    PERFORM set_config('app.refused_checks', coalesce(v_refused, ''), false);
END
$specql$;

-- Puts changed checks in the place of the old ones, and makes required what has been found to be there.
CREATE OR REPLACE FUNCTION app.settle_table(p_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_item record;
    v_refused text := regexp_replace(current_setting('app.refused_checks', true), ' NOT VALID', '', 'g');
BEGIN
    IF v_refused <> '' THEN
        PERFORM app.refuse_change(p_table, 'rows do not satisfy ' || v_refused);
    END IF;
    FOR v_item IN
        SELECT n.conname AS name, o.conname AS old_name
        FROM pg_constraint AS n
        JOIN pg_constraint AS o ON o.conrelid = n.conrelid AND n.conname = 'new$' || md5(o.conname)
        WHERE n.conrelid = p_table AND n.convalidated
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', p_table, v_item.old_name);
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', p_table, v_item.name, v_item.old_name);
    END LOOP;
    FOR v_item IN
        SELECT n.conname AS name, a.attname AS column
        FROM pg_constraint AS n
        JOIN pg_attribute AS a ON a.attrelid = n.conrelid AND n.conname = 'required$' || md5(a.attname)
        WHERE n.conrelid = p_table AND n.convalidated
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', p_table, v_item.column);
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', p_table, v_item.name);
    END LOOP;
END
$specql$;

-- Rows of a time without tenants: where row-level security begins, no session sees them any more.
CREATE OR REPLACE FUNCTION app.validate_tenants(p_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_nobody uuid := '00000000-0000-0000-0000-000000000000'::uuid;
    v_has_rows boolean;
BEGIN
    IF (SELECT c.relrowsecurity FROM pg_class AS c WHERE c.oid = p_table) THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %s AS t WHERE t.tenant_id = $1)', p_table) INTO v_has_rows USING v_nobody;
    IF v_has_rows THEN
        RAISE WARNING '% has rows that belong to no tenant, so no session sees them', p_table USING
            HINT = format('say whose they are: an UPDATE gives them a tenant_id, where it is %s', v_nobody);
    END IF;
END
$specql$;

-- Gives a table made elsewhere the columns that every action needs, and refuses one that lacks columns of
-- its own: better now than at the first call.
CREATE OR REPLACE FUNCTION app.complete_table(p_table text, p_columns text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_table regclass := to_regclass(p_table);
    v_path text[] := parse_ident(p_table);
    v_stem text := substr(v_path[2], length('tb_') + 1);
    -- specql-generator makes the table under this name, and calls it by the other in its functions.
    v_squeezed text := replace(v_stem, '_', '');
    v_other regclass := to_regclass(format('%I.%I', v_path[1], 'tb_' || v_squeezed));
    v_missing text;
    v_item record;
BEGIN
    IF v_table IS NULL THEN
        RAISE EXCEPTION 'there is no table %', p_table USING
            ERRCODE = 'undefined_table',
            HINT = CASE
                WHEN v_other IS NULL THEN 'the tables were left out of what is emitted, so they have to be made before'
                ELSE format(
                    'specql-generator made it without underscores: ALTER TABLE %s RENAME TO %I; ALTER TABLE %s RENAME COLUMN %I TO %I;',
                    v_other, v_path[2], p_table, 'pk_' || v_squeezed, 'pk_' || v_stem
                )
            END;
    END IF;
    SELECT string_agg(c.name, ', ' ORDER BY c.n) INTO v_missing
    FROM unnest(p_columns) WITH ORDINALITY AS c(name, n)
    WHERE NOT EXISTS (
        SELECT FROM pg_attribute AS a WHERE a.attrelid = v_table AND a.attname = c.name AND NOT a.attisdropped
    );
    IF v_missing IS NOT NULL THEN
        RAISE EXCEPTION 'the table % has no column %', p_table, v_missing USING
            ERRCODE = 'undefined_column',
            HINT = 'it was made elsewhere, or of another state of the file: add what is missing, or rename what stands';
    END IF;
    FOR v_item IN
        SELECT * FROM (VALUES
            ('tenant_id', 'uuid NOT NULL DEFAULT app.current_tenant_id()'),
            ('identifier', 'text'),
            ('created_at', 'timestamptz NOT NULL DEFAULT now()'),
            ('created_by', 'uuid'),
            ('updated_at', 'timestamptz NOT NULL DEFAULT now()'),
            ('updated_by', 'uuid'),
            ('deleted_at', 'timestamptz'),
            ('deleted_by', 'uuid')
        ) AS c(name, definition)
        WHERE NOT EXISTS (
            SELECT FROM pg_attribute AS a
            WHERE a.attrelid = v_table AND a.attname = c.name AND NOT a.attisdropped
        )
    LOOP
        EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', v_table, v_item.name, v_item.definition);
    END LOOP;
END
$specql$;

-- Gives a read model the columns with the ids of related rows that it lacks: what `data` has of them.
CREATE OR REPLACE FUNCTION app.add_related_ids(p_view regclass, p_names name[], p_members text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
BEGIN
    -- All in one statement, which writes the table anew once.
    EXECUTE coalesce((
        SELECT format('ALTER TABLE %s ', p_view) || string_agg(format(
            'ADD COLUMN %I uuid GENERATED ALWAYS AS ((data -> %L ->> ''id'')::uuid) STORED', w.name, w.member
        ), ', ' ORDER BY w.place)
        FROM unnest(p_names, p_members) WITH ORDINALITY AS w(name, member, place)
        WHERE NOT EXISTS (
            SELECT FROM pg_attribute AS a WHERE a.attrelid = p_view AND a.attname = w.name AND NOT a.attisdropped
        )
    ), 'SELECT');
END
$specql$;

-- Fills a read model anew when its refresh function says something else than when it was filled last.
-- It has to see all rows, so it refuses to run under row-level security.
CREATE OR REPLACE FUNCTION app.update_read_model(p_view regclass, p_table regclass, p_refresh regprocedure)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off
AS $specql$
DECLARE
    v_shape text := (
        SELECT format('Read model of %s; shape %s.', p_table, md5(f.prosrc)) FROM pg_proc AS f WHERE f.oid = p_refresh
    );
BEGIN
    IF obj_description(p_view, 'pg_class') IS DISTINCT FROM v_shape THEN
        IF pg_relation_size(p_table) > 0 THEN
            EXECUTE format('SELECT %s(NULL)', p_refresh::regproc);
        END IF;
        EXECUTE format('COMMENT ON TABLE %s IS %L', p_view, v_shape);
    END IF;
END
$specql$;

REVOKE ALL ON FUNCTION
    app.update_table(regclass, text, text[]),
    app.update_indexes(regclass, name[], text[]),
    app.add_check(regclass, name, text),
    app.update_reference(regclass, name, regclass, name, name),
    app.validate_table(regclass),
    app.settle_table(regclass),
    app.validate_tenants(regclass),
    app.complete_table(text, text[]),
    app.add_related_ids(regclass, name[], text[]),
    app.update_read_model(regclass, regclass, regprocedure)
FROM PUBLIC;
