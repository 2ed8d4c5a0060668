-- A partition gets what PostgreSQL does not hand down from its parent: statement triggers, row-level
-- security with its policies, and no rights of PUBLIC. What differs is made equal, the rest is left alone.
CREATE OR REPLACE FUNCTION app.guard_partition(p_parent regclass, p_child regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_item record;
BEGIN
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', p_child);
    FOR v_item IN
        SELECT t.tgname, pg_get_triggerdef(t.oid) AS body
        FROM pg_trigger AS t
        WHERE t.tgrelid = p_parent AND NOT t.tgisinternal
            -- Row triggers are handed down.
            AND t.tgtype & 1 = 0
            AND NOT EXISTS (SELECT FROM pg_trigger AS c WHERE c.tgrelid = p_child AND c.tgname = t.tgname)
    LOOP
        EXECUTE replace(v_item.body, format(' ON %s ', p_parent), format(' ON %s ', p_child));
    END LOOP;
    FOR v_item IN
        SELECT t.tgname
        FROM pg_trigger AS t
        JOIN pg_trigger AS c ON c.tgname = t.tgname AND c.tgrelid = p_child
        WHERE t.tgrelid = p_parent AND t.tgenabled = 'A' AND c.tgenabled <> 'A'
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', p_child, v_item.tgname);
    END LOOP;
    FOR v_item IN
        SELECT p.relrowsecurity > c.relrowsecurity AS enable, p.relforcerowsecurity > c.relforcerowsecurity AS force
        FROM pg_class AS p, pg_class AS c
        WHERE p.oid = p_parent AND c.oid = p_child
    LOOP
        IF v_item.enable THEN
            EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p_child);
        END IF;
        IF v_item.force THEN
            EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', p_child);
        END IF;
    END LOOP;
    PERFORM app.copy_policies(p_parent, p_child);
END
$specql$;

CREATE OR REPLACE FUNCTION app.copy_policies(p_parent regclass, p_child regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_item record;
BEGIN
    FOR v_item IN
        WITH policy AS (
            SELECT
                p.polrelid, p.polname, p.polroles,
                format(
                    'AS %s FOR %s TO %s',
                    CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                    CASE p.polcmd
                        WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                        WHEN 'd' THEN 'DELETE' ELSE 'ALL'
                    END,
                    (
                        SELECT string_agg(
                            CASE WHEN r.role = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r.role)) END, ', '
                            ORDER BY r.role
                        )
                        FROM unnest(p.polroles) AS r(role)
                    )
                )
                || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
                || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') AS body
            FROM pg_policy AS p
            WHERE p.polrelid IN (p_parent, p_child)
        )
        SELECT coalesce(p.polname, c.polname) AS name, p.body, c.polname IS NOT NULL AS stands
        FROM (SELECT * FROM policy WHERE polrelid = p_parent) AS p
        FULL JOIN (SELECT * FROM policy WHERE polrelid = p_child) AS c ON c.polname = p.polname
        WHERE p.body IS DISTINCT FROM c.body
    LOOP
        IF v_item.stands THEN
            EXECUTE format('DROP POLICY %I ON %s', v_item.name, p_child);
        END IF;
        IF v_item.body IS NOT NULL THEN
            EXECUTE format('CREATE POLICY %I ON %s %s', v_item.name, p_child, v_item.body);
        END IF;
    END LOOP;
END
$specql$;

-- The partitions of a table with their bounds; NULL for the default one.
CREATE OR REPLACE FUNCTION app.partitions(p_parent regclass)
RETURNS TABLE (partition regclass, lower_bound timestamptz, upper_bound timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET "TimeZone" = 'UTC' SET datestyle = 'ISO, YMD'
AS $specql$
    SELECT
        i.inhrelid::regclass,
        substring(pg_get_expr(c.relpartbound, c.oid) FROM $$FROM \('([^']+)'\)$$)::timestamptz,
        substring(pg_get_expr(c.relpartbound, c.oid) FROM $$TO \('([^']+)'\)$$)::timestamptz
    FROM pg_inherits AS i
    JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = p_parent
$specql$;

-- Creates the monthly partitions of a table from this month on, and one for everything else, and
-- guards every partition that there is. Their names have a `$`, so no table of a project meets them.
-- It has to see all rows, so it refuses to run under row-level security.
CREATE OR REPLACE FUNCTION app.ensure_partitions(p_parent regclass, p_months_ahead integer DEFAULT 3)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off
AS $specql$
DECLARE
    v_schema name;
    v_table name;
    v_column name;
    v_rest regclass;
    v_month timestamptz;
    v_next timestamptz;
    v_taken boolean;
    v_partition regclass;
BEGIN
    SELECT n.nspname, c.relname, a.attname, nullif(p.partdefid, 0)::regclass
    INTO v_schema, v_table, v_column, v_rest
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
    WHERE c.oid = p_parent;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF v_rest IS NULL THEN
        EXECUTE format('CREATE TABLE %1$I.%2$I PARTITION OF %1$I.%3$I DEFAULT', v_schema, v_table || '$rest', v_table);
        v_rest := format('%I.%I', v_schema, v_table || '$rest')::regclass;
    END IF;
    FOR v_month, v_next IN
        SELECT m AT TIME ZONE 'UTC', (m + interval '1 month') AT TIME ZONE 'UTC'
        FROM generate_series(
            date_trunc('month', now() AT TIME ZONE 'UTC'),
            date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => p_months_ahead),
            interval '1 month'
        ) AS m
    LOOP
        CONTINUE WHEN EXISTS (
            SELECT FROM app.partitions(p_parent) AS p WHERE p.lower_bound < v_next AND p.upper_bound > v_month
        );
        -- A month whose rows already stand in the default partition stays there.
        EXECUTE format('SELECT EXISTS (SELECT FROM %s AS d WHERE d.%I >= $1 AND d.%2$I < $2)', v_rest, v_column)
            INTO v_taken USING v_month, v_next;
        CONTINUE WHEN v_taken;
        EXECUTE format(
            'CREATE TABLE %1$I.%2$I PARTITION OF %1$I.%3$I FOR VALUES FROM (%4$L) TO (%5$L)',
            v_schema, v_table || to_char(v_month AT TIME ZONE 'UTC', '"$"YYYYMM'), v_table, v_month, v_next
        );
    END LOOP;
    FOR v_partition IN SELECT p.partition FROM app.partitions(p_parent) AS p LOOP
        PERFORM app.guard_partition(p_parent, v_partition);
    END LOOP;
END
$specql$;

-- Drops the partitions that ended before the retention, and returns how many. The rows of the default
-- partition go when the newest of them is that old. Like the creation it refuses to run under
-- row-level security: what it cannot see it would drop.
CREATE OR REPLACE FUNCTION app.drop_partitions(p_parent regclass, p_retention interval)
RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off
AS $specql$
DECLARE
    v_limit timestamptz := now() - p_retention;
    v_column name;
    v_rest regclass;
    v_partition regclass;
    v_newest timestamptz;
    v_dropped integer := 0;
BEGIN
    SELECT a.attname, nullif(p.partdefid, 0)::regclass INTO v_column, v_rest
    FROM pg_partitioned_table AS p
    JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE p.partrelid = p_parent;
    FOR v_partition IN
        SELECT p.partition FROM app.partitions(p_parent) AS p WHERE p.upper_bound <= v_limit ORDER BY p.upper_bound
    LOOP
        EXECUTE format('DROP TABLE %s', v_partition);
        v_dropped := v_dropped + 1;
    END LOOP;
    IF v_rest IS NOT NULL THEN
        EXECUTE format('SELECT max(d.%I) FROM %s AS d', v_column, v_rest) INTO v_newest;
        IF v_newest < v_limit THEN
            EXECUTE format('DROP TABLE %s', v_rest);
            PERFORM app.ensure_partitions(p_parent);
            v_dropped := v_dropped + 1;
        END IF;
    END IF;
    RETURN v_dropped;
END
$specql$;

REVOKE ALL ON FUNCTION app.guard_partition(regclass, regclass) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.copy_policies(regclass, regclass) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.ensure_partitions(regclass, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.drop_partitions(regclass, interval) FROM PUBLIC;
