#!/usr/bin/env bash
# Cascades of real actions, applied to the real caches of clients by what is emitted for them, and the
# emitted types, by which those answers are checked.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

server="$(server)"
work="$cache/caches/work"
rm -rf "$work" && mkdir -p "$work/__generated__"
"$cache/streams/bin/python" tests/caches/payloads.py "$server" "$work"
cp tests/caches/*.{ts,js,json,graphql} "$work"
cd "$work"
bin="$cache/caches/node_modules/.bin"
"$bin/relay-compiler" relay.config.json >relay.log 2>&1 || { cat relay.log; exit 1; }
"$bin/tsc" -p tsconfig.json
node --test "$@" ./*.test.ts
