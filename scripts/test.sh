#!/usr/bin/env bash
# Everything that must hold, on a machine that has Rust and nothing else: installs what is missing,
# then lints, tests, packs the extension and drives the editors. All checks run, even after one has
# failed; the summary at the end names them, and the exit code is that of the whole.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

vsix="$cache/specql.vsix"
logs="$cache/logs"
rm -rf "$logs"
mkdir -p "$logs"
summary="$logs/summary"
failures="$logs/failures"
touch "$summary" "$failures"

# check NAME COMMAND…
check() {
  local name="$1" start=$SECONDS status=0
  shift
  section "$name"
  local log="$logs/$name.log"
  "$@" </dev/null 2>&1 | tee "$log" || status="${PIPESTATUS[0]}"
  local result="ok"
  if [ "$status" != 0 ]; then
    result="FAILED ($status)"
    echo "$name" >>"$failures"
  fi
  printf '%-12s %5d s  %s\n' "$result" "$((SECONDS - start))" "$name" >>"$summary"
}

# beside COMMAND1 COMMAND2: both at once, where each waits more than it computes; what the first says
# comes when it is done.
beside() {
  "$1" >"$logs/beside" 2>&1 &
  local first=$!
  "$2"
  wait "$first" || echo "$1" >>"$failures"
  cat "$logs/beside"
}

# What a failed check said last, once more, where whoever looks at the end of a long output sees it.
last_words() {
  local name
  while read -r name; do
    section "$name failed"
    grep -aE '^✗|^(        (FAIL|TIMEOUT|SIGABRT) )|panicked at|^error' "$logs/$name.log" | sort -u | head -n 20 || true
    tail -n 12 "$logs/$name.log"
  done <"$failures"
}

extension() { npm --prefix editors/vscode --silent "$@"; }

scripts/setup.sh machine
# What comes from the net comes while the compiler works.
scripts/setup.sh >"$logs/setup" 2>&1 &
setup=$!
check "format" cargo fmt --all --check
# Clippy is the compiler with more to say, so the tests are linted while they are built. What it refuses is
# not built, and then the tests are built without it.
export RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS="-Dwarnings"
check "lints and build of the tests" cargo test --locked --workspace --all-targets --no-run
if grep -q "^lints" "$failures"; then
  unset RUSTC_WORKSPACE_WRAPPER CLIPPY_ARGS
  check "build of the tests" cargo test --locked --workspace --no-run
fi
wait "$setup" || die "the tests cannot be set up: $(tail -n 20 "$logs/setup")"
cat "$logs/setup"
# What runs the binary runs the one that the tests are built with: another one takes minutes.
export SPECQL_LSP="${CARGO_TARGET_DIR:-$root/target}/debug/specql-lsp"
check "extension: types" extension run check
check "extension: unit tests" extension test
check "extension: VSIX with the server inside" extension run package -- --server "$SPECQL_LSP" --out "$vsix"
check "tests" cargo nextest run --locked --workspace --no-fail-fast
# With more files in SPECQL_CORPUS, what a clone alone has must be enough too.
if [ -n "${SPECQL_CORPUS:-}" ]; then
  check "tests over the project's own corpus" env -u SPECQL_CORPUS cargo nextest run --locked --workspace \
    --no-fail-fast -E 'test(real_file) | test(corpus) | test(real_workspaces)'
fi
check "documentation as a site" scripts/book.sh
check "PostgreSQL 18" scripts/postgres.sh 18
streams() {
  check "Debezium" tests/streams/run.sh
  check "consumers of events" tests/consumers/run.sh
  check "worker, broker, applications" tests/chain/run.sh shop saas
  check "tutorial" tests/tutorial/run.sh
}
clients() {
  check "documentation tests" cargo test --locked --workspace --doc
  check "SQL of the examples" scripts/review.sh
  if [ -x "$cache/fraiseql/bin/python" ]; then
    check "FraiseQL's executor" tests/fraiseql/run.sh
  else
    printf '%-12s %5s    %s\n' "not run" "" "FraiseQL's executor: it needs Python 3.13" >>"$summary"
  fi
  check "caches of clients" tests/caches/run.sh
  check "language server: another client" tests/clients/run.sh
  check "Neovim" tests/editors/neovim/run.sh editors/vscode/server
  check "Emacs" tests/editors/emacs/run.sh editors/vscode/server
  check "Vim" tests/editors/vim/run.sh editors/vscode/server
  check "Kakoune" tests/editors/kakoune/run.sh editors/vscode/server
  # Newer Debians take minutes and a gigabyte, so they are brought by hand.
  if [ "$(id -u)" = 0 ] && [ -d "$cache/newer/trixie" ]; then
    check "newer editors" tests/editors/newer/run.sh editors/vscode/server
  else
    printf '%-12s %5s    %s\n' "not run" "" "newer editors: tests/editors/newer/install.sh brings them" >>"$summary"
  fi
}
beside streams clients
# By itself: what a person waits for is timed by what else runs. A browser that hangs gets a second try, which
# the output shows; what is broken fails twice.
vs_code() { node tests/editors/vscode/run.mjs --vsix "$vsix"; }
again() { "$1" || { section "second try" && "$1"; }; }
check "VS Code" again vs_code

section "summary"
cat "$summary"
last_words
[ ! -s "$failures" ]
