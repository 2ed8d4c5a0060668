-- Creates the monthly partitions of a table from this month on, and one for everything else.
CREATE OR REPLACE FUNCTION app.ensure_partitions(p_parent regclass, p_months_ahead integer DEFAULT 3)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_schema name;
    v_table name;
    v_month timestamptz;
    v_column name;
    v_taken boolean;
BEGIN
    SELECT n.nspname, c.relname, a.attname INTO v_schema, v_table, v_column
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
    WHERE c.oid = p_parent;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    EXECUTE format(
        'CREATE TABLE IF NOT EXISTS %1$I.%2$I PARTITION OF %1$I.%3$I DEFAULT',
        v_schema, v_table || '_default', v_table
    );
    FOR v_month IN
        SELECT m AT TIME ZONE 'UTC'
        FROM generate_series(
            date_trunc('month', now() AT TIME ZONE 'UTC'),
            date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => p_months_ahead),
            interval '1 month'
        ) AS m
    LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', v_schema, v_table || to_char(v_month AT TIME ZONE 'UTC', '"_p"YYYYMM'))) IS NOT NULL;
        -- A month whose rows already stand in the default partition stays there.
        EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I WHERE %I >= $1 AND %3$I < $2)', v_schema, v_table || '_default', v_column)
            INTO v_taken USING v_month, v_month + interval '1 month';
        CONTINUE WHEN v_taken;
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS %1$I.%2$I PARTITION OF %1$I.%3$I FOR VALUES FROM (%4$L) TO (%5$L)',
            v_schema, v_table || to_char(v_month AT TIME ZONE 'UTC', '"_p"YYYYMM'), v_table,
            v_month, ((v_month AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'
        );
    END LOOP;
END
$specql$;

-- Drops the monthly partitions that ended before the retention, and returns how many. The rows of
-- the default partition go when the newest of them is that old.
CREATE OR REPLACE FUNCTION app.drop_partitions(p_parent regclass, p_retention interval)
RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_limit timestamptz := now() - p_retention;
    v_schema name;
    v_table name;
    v_column name;
    v_partition name;
    v_newest timestamptz;
    v_dropped integer := 0;
BEGIN
    SELECT n.nspname, c.relname, a.attname INTO v_schema, v_table, v_column
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
    WHERE c.oid = p_parent;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    FOR v_partition IN
        SELECT c.relname
        FROM pg_inherits AS i
        JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = p_parent
            AND right(c.relname, 8) ~ '^_p[0-9]{6}$'
            AND (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month') AT TIME ZONE 'UTC' <= v_limit
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE %I.%I', v_schema, v_partition);
        v_dropped := v_dropped + 1;
    END LOOP;
    IF to_regclass(format('%I.%I', v_schema, v_table || '_default')) IS NOT NULL THEN
        EXECUTE format('SELECT max(d.%I) FROM %I.%I AS d', v_column, v_schema, v_table || '_default')
            INTO v_newest;
        IF v_newest < v_limit THEN
            EXECUTE format('DROP TABLE %I.%I', v_schema, v_table || '_default');
            PERFORM app.ensure_partitions(p_parent);
            v_dropped := v_dropped + 1;
        END IF;
    END IF;
    RETURN v_dropped;
END
$specql$;

REVOKE ALL ON FUNCTION app.ensure_partitions(regclass, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.drop_partitions(regclass, interval) FROM PUBLIC;
