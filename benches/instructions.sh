#!/usr/bin/env bash
# Counts the instructions of reading, checking, typing and completing. Needs valgrind, and installs the counter once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v valgrind >/dev/null || { echo "valgrind is missing: apt-get install valgrind" >&2; exit 1; }
version="$(cargo metadata --locked --all-features --format-version 1 |
  python3 -c 'import json, sys; print(next(it["version"] for it in json.load(sys.stdin)["packages"] if it["name"] == "gungraun"))')"
runner="$PWD/.cache/cargo/bin/gungraun-runner"
if ! "$runner" --version 2>/dev/null | grep -qF "$version"; then
  cargo install gungraun-runner --version "$version" --locked --root .cache/cargo
fi
GUNGRAUN_RUNNER="$runner" cargo bench --locked -p specql-benches --features instructions --bench instructions "$@"
