#!/usr/bin/env bash
# Measures a check beside the released parser, PyYAML and ruff, in one run, and prints the table of
# benches/README.md.
#
#   benches/speed/run.sh                          the project's files, 400, 1,000 and 10,000 entities
#   benches/speed/run.sh --sizes 1000,100000      other sizes; parsers in pure Python leave out the last
#   SPECQL_LSP=PATH benches/speed/run.sh          with a binary that is there already
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
cd "$root"

binary="${SPECQL_LSP:-}"
if [ -z "$binary" ]; then
  cargo build --locked --release -p specql-lsp
  binary="${CARGO_TARGET_DIR:-$root/target}/release/specql-lsp"
fi
cargo build --locked -p specql-benches --bin entities

tools="$cache/speed"
if ! cmp -s benches/speed/requirements.txt "$tools/requirements.txt"; then
  section "install: PyYAML, ruff"
  python3 -m venv --clear "$tools"
  "$tools/bin/pip" install -q --disable-pip-version-check -r benches/speed/requirements.txt
  cp benches/speed/requirements.txt "$tools/"
fi
if [ ! -e "$cache/released/core" ]; then
  section "install: the released parser"
  "$tools/bin/pip" install -q --disable-pip-version-check --no-deps --target "$cache/released" \
    -r tests/released/requirements.txt
fi

"$tools/bin/python" benches/speed/speed.py --binary "$(realpath "$binary")" --ruff "$tools/bin/ruff" \
  --released "$cache/released" --entities "${CARGO_TARGET_DIR:-$root/target}/debug/entities" "$@"
