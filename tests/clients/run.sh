#!/usr/bin/env bash
# Asks the server what coding agents ask, by a client that is not ours.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

SPECQL_LSP="$(server)"
export SPECQL_LSP
cd "$root/tests/clients"
"$cache/clients/bin/python" -m pytest -q -p no:cacheprovider .
