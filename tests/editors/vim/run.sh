#!/usr/bin/env bash
# Runs spec.vim in Vim with ALE, which wants a terminal, against the built server.
#   run.sh FOLDER    FOLDER holds the executable `specql-lsp`
source "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

server_folder="$(cd "${1:?the folder of specql-lsp}" && pwd)"
[ -x "$server_folder/specql-lsp" ] || die "no specql-lsp in $server_folder"
[ -d /usr/share/vim-ale ] || die "vim-ale is missing: run scripts/setup.sh"
command -v vim.nox >/dev/null || die "vim-nox is missing: run scripts/setup.sh"
vim.nox --version | head -n 1

home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT
cp -r "$root/examples/blog" "$home/blog"
export PATH="$server_folder:$PATH" HOME="$home" SPECQL_WORKSPACE="$home/blog" SPECQL_REPORT="$home/report" TERM=xterm
printf 'set runtimepath^=%s,/usr/share/vim-ale\nsource %s\n' \
  "$root/editors/vim" "$root/tests/editors/vim/spec.vim" >"$home/vimrc"
status=0
timeout 120 script --quiet --return --command "vim.nox -N -u $home/vimrc -i NONE -n" /dev/null </dev/null >/dev/null || status=$?
cat "$home/report" 2>/dev/null || echo "nothing was reported"
exit "$status"
