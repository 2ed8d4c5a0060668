#!/usr/bin/env bash
# Proves that a build can be repeated: builds the commit that is checked out in two folders, each with a home of
# cargo of its own, as scripts/release/reproducible.sh does, and compares the bytes of the two binaries.
#
#   scripts/release/reproduce.sh           with the build that is published
#   CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off scripts/release/reproduce.sh
#                                          with one that takes minutes instead of a quarter of an hour
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

case "${1:-}" in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/ { s/^# \{0,1\}//p }' "${BASH_SOURCE[0]}"; exit 0 ;;
  *) die "\`$1\` is no option: --help says more" ;;
esac

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
registry="${CARGO_HOME:-$HOME/.cargo}/registry"
unset CARGO_TARGET_DIR CARGO_INSTALL_ROOT

# built FOLDER: what a clone there installs. Names of two lengths and a blank: neither must matter.
built() {
  local home="$work/$1/home of cargo"
  section "$1"
  git clone -q "$root" "$work/$1/clone"
  mkdir -p "$home/registry"
  # What is downloaded already need not be downloaded again; crates are unpacked in each home.
  for it in index cache; do [ ! -d "$registry/$it" ] || cp -r "$registry/$it" "$home/registry/"; done
  (cd "$work/$1/clone" &&
    CARGO_HOME="$home" scripts/release/reproducible.sh \
      cargo install --quiet --locked --path server/cli --root "$work/$1/installed")
}

built one
built "one more/folder"
first="$work/one/installed/bin/specql-lsp" second="$work/one more/folder/installed/bin/specql-lsp"
section "compared"
sha256sum "$first" "$second"
if ! cmp "$first" "$second"; then
  diff <(strings -a "$first") <(strings -a "$second") | head -n 40 || true
  die "the two builds differ; the texts in which they do stand above"
fi
echo "one commit, two folders, one binary"
