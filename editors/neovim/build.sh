#!/bin/sh
# Compiles the tree-sitter parsers and puts them where Neovim looks for them; their queries are part of
# this plugin.
#   build.sh [FOLDER]    a folder on 'runtimepath'; this plugin's by default
set -eu

plugin="$(cd "$(dirname "$0")" && pwd)"
grammar="$plugin/../../grammar"
target="${1:-$plugin}/parser"

mkdir -p "$target"
for language in specql specql_type specql_step; do
  ${CC:-cc} -O2 -fPIC -shared -I "$grammar/$language/src" \
    "$grammar/$language"/src/parser.c "$grammar/$language"/src/scanner.c \
    -o "$target/$language.so"
done
