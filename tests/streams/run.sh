#!/usr/bin/env bash
# Events of the examples, from their actions through Debezium to the records that Kafka would keep.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

cargo build --locked --quiet -p specql-lsp
"$cache/streams/bin/python" tests/streams/run.py "${CARGO_TARGET_DIR:-target}/debug/specql-lsp" "$@"
