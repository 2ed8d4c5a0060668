-- Publishes insertions, as those of the parent, in every column but those of types that the connector
-- does not know; also columns that a later revision adds. A publication of all tables is left alone.
-- Tells of an outbox that had another name: the connector looks for the new one only.
CREATE OR REPLACE FUNCTION app.publish_outbox(p_publication name) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_columns name[] := ARRAY(
        SELECT a.attname FROM pg_attribute AS a
        WHERE a.attrelid = 'app.outbox'::regclass AND a.attnum > 0 AND NOT a.attisdropped
            AND a.atttypid <> 'pg_lsn'::regtype
        ORDER BY a.attnum
    );
    v_all boolean;
    v_published name[];
    v_other regclass;
BEGIN
    FOR v_other IN
        SELECT DISTINCT r.prrelid::regclass
        FROM pg_publication_rel AS r
        JOIN pg_attribute AS a ON a.attrelid = r.prrelid AND a.attname = 'written_lsn' AND NOT a.attisdropped
        WHERE r.prrelid <> 'app.outbox'::regclass
    LOOP
        RAISE WARNING '% was the outbox before: what nobody has read of it stays there', v_other USING
            HINT = 'specql-lsp migrate renames it with its events; or drop it once its reader is through';
    END LOOP;
    SELECT p.puballtables INTO v_all FROM pg_publication AS p WHERE p.pubname = p_publication;
    IF NOT FOUND THEN
        EXECUTE format(
            'CREATE PUBLICATION %I WITH (publish = ''insert'', publish_via_partition_root = true)', p_publication
        );
    END IF;
    SELECT t.attnames INTO v_published
    FROM pg_publication_tables AS t
    WHERE t.pubname = p_publication AND format('%I.%I', t.schemaname, t.tablename) = 'app.outbox';
    IF v_all OR v_published = v_columns THEN
        RETURN;
    END IF;
    IF v_published IS NOT NULL THEN
        EXECUTE format('ALTER PUBLICATION %I DROP TABLE app.outbox', p_publication);
    END IF;
    EXECUTE format(
        'ALTER PUBLICATION %I ADD TABLE app.outbox (%s)', p_publication, array_to_string(v_columns, ', ')
    );
END
$specql$;

REVOKE ALL ON FUNCTION app.publish_outbox(name) FROM PUBLIC;
