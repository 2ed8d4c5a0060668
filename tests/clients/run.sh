#!/usr/bin/env bash
# Asks the server what coding agents ask, by a client that is not ours.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

cargo build --locked --quiet -p specql-lsp
target="${CARGO_TARGET_DIR:-$root/target}"
export SPECQL_LSP="${SPECQL_LSP:-$target/debug/specql-lsp}"
cd "$root/tests/clients"
"$cache/clients/bin/python" -m pytest -q -p no:cacheprovider .
