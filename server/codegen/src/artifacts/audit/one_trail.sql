-- Refuses to record a table in the trail of another one, or in a second trail: the names of trails follow
-- the names of entities, and an entity that was added elsewhere can have taken this one's.
CREATE OR REPLACE FUNCTION app.one_trail(p_table regclass, p_trail text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_other record;
BEGIN
    SELECT g.tgrelid::regclass AS of_table, left(f.proname, -length('_change')) AS trail INTO v_other
    FROM pg_trigger AS g
    JOIN pg_proc AS f ON f.oid = g.tgfoid
    WHERE f.pronamespace = 'app'::regnamespace
        AND f.proname ~ '^audit_.*_change$'
        AND (g.tgrelid = p_table) IS DISTINCT FROM (f.proname = p_trail || '_change')
        AND (g.tgrelid = p_table OR f.proname = p_trail || '_change')
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'changes of % are in app.%, so those of % cannot be in app.%',
            v_other.of_table, v_other.trail, p_table, p_trail
            USING ERRCODE = 'duplicate_table',
            HINT = 'load what specql-lsp migrate writes first, which moves the trail, or say qualified: true in the file of the entity that is new';
    END IF;
END
$specql$;

REVOKE ALL ON FUNCTION app.one_trail(regclass, text) FROM PUBLIC;
