#!/usr/bin/env bash
# The tutorial, followed: its files written, its calls made, and what they say compared with its pages.
# SPECQL_UPDATE=1 writes what they say into the pages; with names of pages, only these.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

export SPECQL_TUTORIAL_MODULES="$cache/caches/node_modules"
server="$(server)"
"$cache/streams/bin/python" tests/tutorial/tutorial.py "$server" "$@"
