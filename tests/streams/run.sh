#!/usr/bin/env bash
# Events of the examples, from their actions through Debezium to the records that Kafka would keep.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

export SPECQL_STREAMS_MODULES="$cache/documents"
cargo build --locked --quiet -p specql-lsp
"$cache/streams/bin/python" tests/streams/run.py "${CARGO_TARGET_DIR:-target}/debug/specql-lsp" "$@"
if [ "$#" = 0 ]; then
  "$cache/streams/bin/python" tests/streams/verdicts.py "${CARGO_TARGET_DIR:-target}/debug/specql-lsp"
fi
