#!/usr/bin/env bash
# The documentation as a site: writes its sources, pages from the program among them, and builds it with
# mdBook, which is installed into .cache/ if it is missing (a minute of compiling). A fresh clone needs Rust, a C
# compiler and Python, no setup. Fails on a broken link, and ends with the address of the first page.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

mdbook_version=0.5.4
if ! command -v mdbook >/dev/null; then
  section "install: mdbook $mdbook_version"
  cargo install mdbook --version "$mdbook_version" --no-default-features --features search --locked \
    --root "$cache/cargo"
fi

book="$cache/book"
rm -rf "$book" && mkdir -p "$book/src"
cp docs/book.toml "$book/"
SPECQL_BOOK="$book/src" cargo test --quiet --locked --workspace --test suite book::every_page
mdbook build "$book"
python3 scripts/links.py "$book/html"
printf '\n%s\n' "$book/html/index.html"
