#!/usr/bin/env bash
# The whole way of an event: PostgreSQL, the emitted connector in a worker of Kafka Connect, a broker that speaks
# Kafka's protocol with the emitted topics, and applications around the emitted consumers. With names of examples,
# only these.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

export SPECQL_CHAIN_MODULES="$cache/chain"
server="$(server)"
exec "$cache/streams/bin/python" tests/chain/chain.py "$server" "$@"
