#!/usr/bin/env bash
# Events of an example, from its actions through Debezium and a broker to the emitted consumers.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

export SPECQL_CONSUMERS_MODULES="$cache/consumers"
cargo build --locked --quiet -p specql-lsp
"$cache/streams/bin/python" tests/consumers/consumers.py "${CARGO_TARGET_DIR:-target}/debug/specql-lsp"
