#!/bin/sh
# Compiles the tree-sitter parsers and puts them, with their queries, where Neovim looks for them.
#   build.sh [FOLDER]    a folder on 'runtimepath'; this plugin's by default
set -eu

plugin="$(cd "$(dirname "$0")" && pwd)"
grammar="$plugin/../../grammar"
target="${1:-$plugin}"

for language in specql specql_type specql_step; do
  mkdir -p "$target/parser" "$target/queries/$language"
  ${CC:-cc} -O2 -fPIC -shared -I "$grammar/$language/src" \
    "$grammar/$language"/src/parser.c "$grammar/$language"/src/scanner.c \
    -o "$target/parser/$language.so"
  find "$grammar/$language/queries" -name '*.scm' -exec cp {} "$target/queries/$language/" \;
done
