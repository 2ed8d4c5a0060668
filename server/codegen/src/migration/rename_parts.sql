CREATE OR REPLACE FUNCTION pg_temp.rename_parts(p_table regclass, p_old text, p_new text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_pattern text := '^(chk_|idx_|uq_|)' || regexp_replace(p_old, '([^a-z0-9_])', '\\\1', 'gi') || '(?=[_$])';
    v_new text := '\1' || replace(p_new, '\', '\\');
    v_item record;
BEGIN
    FOR v_item IN
        SELECT c.conname AS name, CASE
            WHEN c.contype = 'n' THEN (
                SELECT format('%s_%s_not_null', t.relname, a.attname)
                FROM pg_attribute AS a WHERE a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            )
            WHEN p_old <> '' THEN regexp_replace(c.conname, v_pattern, v_new)
            ELSE c.conname
        END AS wanted
        FROM pg_constraint AS c
        JOIN pg_class AS t ON t.oid = c.conrelid
        WHERE c.conrelid = p_table AND NOT (c.contype IN ('c', 'n') AND c.coninhcount > 0)
    LOOP
        IF v_item.wanted <> v_item.name THEN
            EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', p_table, v_item.name, v_item.wanted);
        END IF;
    END LOOP;
    IF p_old = '' THEN
        RETURN;
    END IF;
    FOR v_item IN
        SELECT c.oid::regclass AS relation, regexp_replace(c.relname, v_pattern, v_new) AS wanted
        FROM pg_class AS c
        WHERE c.relname ~ v_pattern AND (
            c.oid IN (SELECT i.indexrelid FROM pg_index AS i WHERE i.indrelid = p_table)
            OR c.oid IN (
                SELECT d.objid FROM pg_depend AS d
                JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
                WHERE d.refobjid = p_table AND d.deptype IN ('a', 'i')
            )
        )
    LOOP
        EXECUTE format('ALTER %s %s RENAME TO %I', CASE
            WHEN (SELECT c.relkind FROM pg_class AS c WHERE c.oid = v_item.relation) = 'S' THEN 'SEQUENCE' ELSE 'INDEX'
        END, v_item.relation, v_item.wanted);
    END LOOP;
    -- The key's column has a new name, and its sequence is named after both.
    FOR v_item IN
        SELECT s.oid::regclass AS relation, format('%s_%s_seq', t.relname, a.attname) AS wanted
        FROM pg_depend AS d
        JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
        JOIN pg_class AS t ON t.oid = d.refobjid
        JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.refobjid = p_table AND d.deptype = 'i' AND s.relname <> format('%s_%s_seq', t.relname, a.attname)
    LOOP
        EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', v_item.relation, v_item.wanted);
    END LOOP;
    -- Partitions are named after their table.
    FOR v_item IN
        SELECT i.inhrelid::regclass AS relation, c.relname AS name, regexp_replace(c.relname, v_pattern, v_new) AS wanted
        FROM pg_inherits AS i
        JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = p_table AND c.relname ~ v_pattern
    LOOP
        PERFORM pg_temp.rename_parts(v_item.relation, p_old, p_new);
        EXECUTE format('ALTER TABLE %s RENAME TO %I', v_item.relation, v_item.wanted);
    END LOOP;
END
$specql$;
