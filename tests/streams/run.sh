#!/usr/bin/env bash
# Events of the examples, from their actions through Debezium to the records that Kafka would keep.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

export SPECQL_STREAMS_MODULES="$cache/documents"
server="$(server)"
"$cache/streams/bin/python" tests/streams/run.py "$server" "$@"
if [ "$#" = 0 ]; then
  "$cache/streams/bin/python" tests/streams/verdicts.py "$server"
fi
