#!/usr/bin/env bash
# FraiseQL's own executor, on what an emitted adapter answers.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

[ -x "$cache/fraiseql/bin/python" ] || die "FraiseQL's wheel needs Python 3.13: install it, then run scripts/setup.sh"
server="$(server)"
# The executor says on stderr what it looks at.
said="$(mktemp)"
trap 'rm -f "$said"' EXIT
"$cache/fraiseql/bin/python" tests/fraiseql/executor.py "$server" 2>"$said" || { tail -n 20 "$said"; exit 1; }
