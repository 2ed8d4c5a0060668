#!/usr/bin/env bash
# Runs spec.el in Emacs in batch, once with Eglot and once with lsp-mode, against the built server.
#   run.sh FOLDER    FOLDER holds the executable `specql-lsp`
source "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

server_folder="$(cd "${1:?the folder of specql-lsp}" && pwd)"
[ -x "$server_folder/specql-lsp" ] || die "no specql-lsp in $server_folder"
command -v emacs >/dev/null || die "emacs is missing: run scripts/setup.sh"
emacs --version | head -n 1

home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT
for client in eglot lsp-mode; do
  cp -r "$root/examples/blog" "$home/$client"
  PATH="$server_folder:$PATH" HOME="$home" SPECQL_CLIENT="$client" SPECQL_WORKSPACE="$home/$client" \
    timeout 120 emacs --batch -L "$root/editors/emacs" -l "$root/tests/editors/emacs/spec.el" 2>&1 |
    grep -vE '^(Loading|LSP ::|\[eglot\]|Wrote|Making|Skipping)'
done
