#!/usr/bin/env bash
# Events of an example, from its actions through Debezium and a broker to the emitted consumers.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

export SPECQL_CONSUMERS_MODULES="$cache/consumers"
server="$(server)"
"$cache/streams/bin/python" tests/consumers/consumers.py "$server"
