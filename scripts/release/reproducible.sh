#!/usr/bin/env bash
# Runs a build so that one commit, compiler and platform give the same bytes wherever it is run: rustc writes the
# paths of crates into messages of panics, cargo keeps crates in a folder of the user, and the allocator's C names
# the time at which it was compiled. (Cargo's own `trim-paths` does the first once it is stable, and its
# configuration cannot name a folder of the user.)
#
#   scripts/release/reproducible.sh cargo install --locked --path server/cli
#
# scripts/release/reproduce.sh proves it.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

case "${1:---help}" in
  -h | --help) sed -n '2,/^[^#]/ { s/^# \{0,1\}//p }' "${BASH_SOURCE[0]}"; exit 0 ;;
esac

home="${CARGO_HOME:-$HOME/.cargo}"
separator=$'\x1f'
# These stand in place of what the user has set, which would be in the bytes as well. A path can have blanks.
flags=("--remap-path-prefix=$root=/specql-lsp" "--remap-path-prefix=$home=/cargo")
CARGO_ENCODED_RUSTFLAGS="$(IFS="$separator"; echo "${flags[*]}")"
CFLAGS="-ffile-prefix-map='$root'=/specql-lsp -ffile-prefix-map='$home'=/cargo"
CFLAGS+=" -Wno-builtin-macro-redefined -D__DATE__='\"\"' -D__TIME__='\"\"'"
export CARGO_ENCODED_RUSTFLAGS CFLAGS CC_SHELL_ESCAPED_FLAGS=1
unset RUSTFLAGS CXXFLAGS
exec "$@"
