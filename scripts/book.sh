#!/usr/bin/env bash
# The documentation as a site: writes its sources, pages from the program among them, and builds it with
# mdBook, which is installed into .cache/ if it is missing. A fresh clone needs Rust, a C compiler and Python, no
# setup. Fails on a broken link, and ends with the address of the first page.
#   book.sh [install]    `install` brings mdBook alone
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

mdbook_version=0.5.4
if ! command -v mdbook >/dev/null; then
  section "install: mdbook $mdbook_version"
  # Nothing of it is needed but that it runs: the faster of two builds.
  CARGO_PROFILE_DEV_DEBUG=0 cargo install mdbook --version "$mdbook_version" --no-default-features --features search --locked --debug \
    --root "$cache/cargo"
fi
if [ "${1:-}" = install ]; then exit; fi

book="$cache/book"
rm -rf "$book" && mkdir -p "$book/src"
cp docs/book.toml "$book/"
SPECQL_LSP="$(server)"
export SPECQL_LSP
cargo build --quiet --locked --workspace --example book
"${CARGO_TARGET_DIR:-target}/debug/examples/book" "$book/src"
mdbook build "$book"
python3 scripts/links.py "$book/html"
printf '\n%s\n' "$book/html/index.html"
