#!/usr/bin/env bash
# Times create_post of examples/blog beside the same by hand and its bare statements, in turns of one run.
# Needs psql and pgbench, and a server that PGHOST, PGPORT and PGUSER lead to; makes the database specql_bench.
set -euo pipefail
cd "$(dirname "$0")/../.."
clients=${1:-1}
seconds=${2:-5}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cargo run -q -p specql-lsp -- emit examples/blog --out "$folder/sql"
psql -q -X -d postgres -c 'DROP DATABASE IF EXISTS specql_bench' -c 'CREATE DATABASE specql_bench'
export PGDATABASE=specql_bench PGOPTIONS='-c client_min_messages=warning'
find "$folder/sql" -name '*.sql' | sort | while read -r file; do psql -q -X -v ON_ERROR_STOP=1 -f "$file"; done
psql -q -X -v ON_ERROR_STOP=1 -f benches/actions/hand.sql -c 'ANALYZE' > /dev/null
for turn in 1 2 3; do
    for function in blog.fn_create_post blog.hand_create_post bare.create_post; do
        cat > "$folder/call.sql" <<SQL
\\set n random(1, 200)
\\set s random(1, 2000000000)
SELECT $function(jsonb_build_object('title', 'Hello', 'slug', 's-$turn-' || :s || '-' || :client_id, 'content', 'some content',
    'authorId', (SELECT a.id FROM bare.author AS a WHERE a.n = :n)));
SQL
        before=$(psql -X -A -t -c 'SELECT pg_current_wal_insert_lsn()')
        pgbench -n -T "$seconds" -c "$clients" -j "$clients" -f "$folder/call.sql" > "$folder/out" 2>&1
        calls=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$folder/out")
        wal=$(psql -X -A -t -c "SELECT (pg_current_wal_insert_lsn() - '$before'::pg_lsn)::bigint / $calls")
        echo "$function: $(sed -n 's/^latency average = //p' "$folder/out"), $wal bytes of WAL"
    done
done
