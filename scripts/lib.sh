# Sourced by the scripts beside it: where things are, and how their output looks.
# Everything that is downloaded lands in .cache/, which can be deleted at any time.

set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cache="$root/.cache"
# Node 24, Neovim and cargo tools of the pinned versions win over those of the machine.
export PATH="$cache/bin:$cache/cargo/bin:$PATH"

# The binary that is tested: the one that SPECQL_LSP names, or one built now.
server() {
  if [ -n "${SPECQL_LSP:-}" ]; then
    realpath "$SPECQL_LSP"
    return
  fi
  (cd "$root" && cargo build --locked --quiet -p specql-lsp)
  realpath "${CARGO_TARGET_DIR:-$root/target}/debug/specql-lsp"
}

section() { printf '\n━━ %s\n' "$*"; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
