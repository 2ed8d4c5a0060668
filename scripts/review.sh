#!/usr/bin/env bash
# What squawk, a linter of PostgreSQL migrations, says of the SQL of the examples. What is excluded has its
# reason here; anything else fails.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

excluded=(
  # Who runs the files says how long they may wait: `PGOPTIONS='-c lock_timeout=5s' psql …`, as the pages
  # of the artifacts say. A limit in the files would end a first load of a large read model.
  require-lock-timeout require-statement-timeout
  # The index stands beside its new table. Of a table that stands `migrate` makes it beforehand,
  # concurrently, and the file finds it there.
  require-concurrent-index-creation
  # `pk_` and `integer` fields are what SpecQL's generator makes of them; ids that leave are UUIDs.
  prefer-bigint-over-int
  # Row-level security and triggers are set again to what they are.
  prefer-robust-stmts
  # The functions that are dropped are earlier forms, which could not be told from the new ones, or give other
  # columns; the new form stands right behind, and `60_overloads.sql` drops what is left.
  ban-drop-function
)

install() {
  local target="$cache/squawk"
  [ -x "$target/bin/squawk" ] && [ "$("$target/bin/squawk" --version)" = "squawk 2.70.0" ] && return
  section "install: squawk"
  python3 -m venv --clear "$target"
  "$target/bin/pip" install -q --disable-pip-version-check squawk-cli==2.70.0
}

install
server="$(server)"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
for example in examples/*/; do
  "$server" emit "$example" --out "$folder/$(basename "$example")"
done
rules="$(IFS=,; echo "${excluded[*]}")"
find "$folder" -name '*.sql' -print0 | sort -z |
  xargs -0 "$cache/squawk/bin/squawk" --pg-version=15.0 --exclude="$rules" --reporter=gcc
