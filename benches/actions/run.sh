#!/usr/bin/env bash
# Times generated actions, history and maintenance beside the same by hand and bare statements, in turns of one run:
# processor time of the session for one call, WAL, buffers; latency with pgbench for 1 and 8 clients. The lowest of the
# turns counts. usage: run.sh [SECONDS OF PGBENCH] [EVENTS FOR MAINTENANCE]. Needs psql, pgbench and a server with
# wal_level = logical that PGHOST, PGPORT and PGUSER (a superuser) lead to; makes specql_bench and specql_bench_items.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-5}
events=${2:-1000000}
turns=3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export PGOPTIONS='-c client_min_messages=warning'
specql=${SPECQL_LSP:-}
if [ -z "$specql" ]; then cargo build -q -p specql-lsp; specql=target/debug/specql-lsp; fi

database() { # NAME WORKSPACE
    "$specql" emit "$2" --out "$folder/$1" > /dev/null 2>&1
    psql -q -X -d postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1"
    export PGDATABASE=$1
    find "$folder/$1" -name '*.sql' | sort | while read -r file; do psql -q -X -v ON_ERROR_STOP=1 -f "$file" > /dev/null; done
}

# processor CALLS STATEMENT: milliseconds of processor time that one of the calls takes. A first statement warms caches.
processor() {
    psql -X -q -A -t > /dev/null 2> "$folder/stats" <<SQL
$2;
SET client_min_messages = log;
SET log_statement_stats = on;
$2;
SQL
    sed -n 's/^!\t\([0-9.]*\) s user, \([0-9.]*\) s system.*/\1 \2/p' "$folder/stats" | tail -n 1 |
        awk -v calls="$1" '{ printf "%.3f\n", ($1 + $2) * 1000 / calls }'
}

# explained STATEMENT: buffers and bytes of WAL of its second run in a session; the first makes its plans.
explained() {
    psql -X -q -A -t -c "$1" -c "EXPLAIN (ANALYZE, BUFFERS, WAL, TIMING off, FORMAT json) $1" | sed -n '/^\[/,$p' |
        python3 -c 'import json, sys
it = json.load(sys.stdin)[0]["Plan"]
print(sum(it[f"Shared {kind} Blocks"] for kind in ("Hit", "Read")), it["WAL Bytes"])'
}

# latency CLIENTS FILE: milliseconds.
latency() {
    pgbench -n -T "$seconds" -c "$1" -j 2 -f "$2" 2> /dev/null | sed -n 's/^latency average = \([0-9.]*\) ms/\1/p'
}

# least FILE: the lowest number of each name, in the order of the names' first lines: name, number.
least() {
    awk '!($1 in low) { order[++n] = $1 } !($1 in low) || $2 < low[$1] { low[$1] = $2 } END { for (i = 1; i <= n; i++) print order[i], low[order[i]] }' "$1"
}

echo "create_post with its side effect | processor ms | latency ms, 1 client | 8 clients | WAL bytes | buffers"
database specql_bench examples/blog
psql -q -X -v ON_ERROR_STOP=1 -f benches/actions/hand.sql -c 'ANALYZE' > /dev/null
input() { echo "jsonb_build_object('title', 'Hello', 'slug', $1, 'content', 'some content', 'authorId', (SELECT a.id FROM bare.author AS a WHERE a.n = $2))"; }
# What one call answers and writes, without ids and times. Both functions have to agree, or there is nothing to compare.
outputs() {
    psql -X -q -A -t -c 'BEGIN' -c "SELECT to_jsonb(r) FROM $1($(input "'same'" 1)) AS r" \
        -c "SELECT to_jsonb(o) - '{sequence,written_lsn}'::text[] FROM app.outbox AS o WHERE o.created_at >= now() ORDER BY o.sequence" \
        -c "SELECT to_jsonb(l) - 'transaction_id' FROM app.mutation_log AS l WHERE l.created_at >= now()" \
        -c 'ROLLBACK' |
        sed -E 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/ID/g; s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(\+00:00|Z)?/TIME/g; s/\b[0-9a-f]{16}([0-9a-f]{16})?\b/ID/g; s/"transactionId": "[0-9]+"/TRANSACTION/g'
}
diff <(outputs blog.fn_create_post) <(outputs blog.hand_create_post)
for turn in $(seq $turns); do
    for function in blog.fn_create_post blog.hand_create_post bare.create_post; do
        many="SELECT count($function($(input "'m-$turn-' || pg_current_xact_id() || '-' || g" '1 + g % 200'))) FROM generate_series(1, 200) AS g"
        echo "$function $(processor 200 "$many")" >> "$folder/processor"
        printf '\\set n random(1, 200)\n\\set s random(1, 2000000000)\nSELECT %s(%s);\n' "$function" \
            "$(input "'s-$turn-' || :s || '-' || :client_id" ':n')" > "$folder/call.sql"
        echo "$function $(latency 1 "$folder/call.sql")" >> "$folder/one"
        echo "$function $(latency 8 "$folder/call.sql")" >> "$folder/eight"
    done
done
for function in blog.fn_create_post blog.hand_create_post bare.create_post; do
    # The plans of a session are made at its first call, and pages are written whole after a checkpoint.
    read -r buffers wal < <(psql -X -q -A -t -c "SELECT $function($(input "'w-' || pg_current_xact_id()" 1))" \
        -c "EXPLAIN (ANALYZE, BUFFERS, WAL, TIMING off, FORMAT json) SELECT $function($(input "'e-' || pg_current_xact_id()" 1))" |
        sed -n '/^\[/,$p' | python3 -c 'import json, sys
it = json.load(sys.stdin)[0]["Plan"]
print(sum(it[f"Shared {kind} Blocks"] for kind in ("Hit", "Read")), it["WAL Bytes"])')
    of() { least "$folder/$1" | awk -v name="$function" '$1 == name { print $2 }'; }
    echo "$function | $(of processor) | $(of one) | $(of eight) | $wal | $buffers"
done

echo
echo "history of one of 200 rows on 100,000 rows of the trail | processor ms | buffers"
psql -q -X -c "INSERT INTO app.audit_user (entity_id, tenant_id, operation_type, old_values, new_values, mutation_id)
    SELECT u.id, u.tenant_id, 'UPDATE', to_jsonb(u) - 'email', to_jsonb(u) - 'email', gen_random_uuid()
    FROM generate_series(1, 500) AS g, blog.tb_user AS u" -c 'VACUUM ANALYZE app.audit_user'
user=$(psql -X -A -t -c "SELECT id FROM blog.tb_user ORDER BY 1 LIMIT 1")
while read -r name statement; do
    : > "$folder/history"
    for turn in $(seq $turns); do echo "$name $(processor 1 "$statement")" >> "$folder/history"; done
    read -r buffers _ < <(explained "$statement")
    echo "$name | $(least "$folder/history" | cut -d' ' -f2) | $buffers"
done <<SQL
get_user_audit_history,_a_page_of_100 SELECT * FROM app.get_user_audit_history('$user')
get_user_audit_history_with_cascade,_a_page_of_100 SELECT * FROM app.get_user_audit_history_with_cascade('$user')
get_user_audit_state SELECT app.get_user_audit_state('$user', now())
bare_select_of_100_by_the_index SELECT * FROM app.audit_user AS a WHERE a.entity_id = '$user' ORDER BY a.sequence DESC LIMIT 100
SQL

echo
echo "maintenance of the outbox: $events events in 10 months, of which 8 are dropped | elapsed ms | WAL bytes"
psql -q -X -v ON_ERROR_STOP=1 -c "SELECT pg_create_logical_replication_slot('specql_bench', 'pgoutput')" > /dev/null
fill() {
    psql -q -X -v ON_ERROR_STOP=1 <<SQL
DO \$\$
DECLARE
    v_from timestamptz;
BEGIN
    FOR i IN 3..12 LOOP
        v_from := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - make_interval(months => i);
        EXECUTE format('CREATE TABLE app.%I PARTITION OF app.outbox FOR VALUES FROM (%L) TO (%L)', 'outbox_old_' || i, v_from, v_from + interval '1 month');
        INSERT INTO app.outbox (aggregate_type, aggregate_id, event_type, event_payload, tenant_id, topic, partition_key, created_at)
        SELECT 'Post', gen_random_uuid(), 'PostCreated', '{"post": {"title": "Hello"}}', app.current_tenant_id(), 'blog.Post', g::text, v_from + interval '1 day'
        FROM generate_series(1, $events / 10) AS g;
    END LOOP;
END \$\$;
SELECT pg_replication_slot_advance('specql_bench', pg_current_wal_lsn()) \g /dev/null
CHECKPOINT;
SQL
}
timed() { # NAME STATEMENT
    local before wal
    before=$(psql -X -A -t -c 'SELECT pg_current_wal_insert_lsn()')
    local elapsed
    elapsed=$(psql -X -q -A -t -c '\timing on' -c "$2" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p')
    wal=$(psql -X -A -t -c "SELECT (pg_current_wal_insert_lsn() - '$before'::pg_lsn)::bigint")
    echo "$1 | $elapsed | $wal"
}
fill
timed 'maintain_outbox, by partitions' "SELECT app.maintain_outbox('150 days', 'specql_bench')"
psql -q -X -c "DO \$\$ DECLARE t text; BEGIN FOR t IN SELECT c.oid::regclass FROM pg_class AS c WHERE c.relname LIKE 'outbox\\_old\\_%' AND c.relkind = 'r' LOOP EXECUTE 'DROP TABLE ' || t; END LOOP; END \$\$"
fill
timed 'DELETE of the same rows' "DELETE FROM app.outbox WHERE created_at < date_trunc('month', now() - interval '150 days')"
psql -q -X -c "SELECT pg_drop_replication_slot('specql_bench')" > /dev/null

echo
echo "update of 1,000 rows, each with its event | processor ms | WAL bytes | buffers | bytes of 1,000 events"
database specql_bench_items benches/actions/items
psql -q -X -v ON_ERROR_STOP=1 -f benches/actions/items.sql -c 'VACUUM ANALYZE' > /dev/null
: > "$folder/processor"
for turn in $(seq $turns); do
    for function in depot.fn_relabel depot.hand_relabel bare.relabel; do
        echo "$function $(processor 1 "SELECT $function(jsonb_build_object('lot', 3, 'label', 'l$turn-' || clock_timestamp()))")" >> "$folder/processor"
    done
done
for function in depot.fn_relabel depot.hand_relabel bare.relabel; do
    last=$(psql -X -A -t -c 'SELECT coalesce(max(sequence), 0) FROM app.outbox')
    read -r buffers wal < <(explained "SELECT $function('{\"lot\": 4, \"label\": \"x\"}')")
    bytes=$(psql -X -A -t -c "SELECT coalesce(avg(pg_column_size(o)) * 1000, 0)::bigint FROM app.outbox AS o WHERE sequence > $last")
    echo "$function | $(least "$folder/processor" | awk -v name="$function" '$1 == name { print $2 }') | $wal | $buffers | $bytes"
done
