#!/usr/bin/env bash
# Runs spec.vim in Vim with ALE, which wants a terminal, against the built server; and with vim-lsp, which is
# in no registry of packages, where VIM_LSP names a clone of it.
#   run.sh FOLDER    FOLDER holds the executable `specql-lsp`
source "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

server_folder="$(cd "${1:?the folder of specql-lsp}" && pwd)"
[ -x "$server_folder/specql-lsp" ] || die "no specql-lsp in $server_folder"
[ -d /usr/share/vim-ale ] || die "vim-ale is missing: run scripts/setup.sh"
command -v vim.nox >/dev/null || die "vim-nox is missing: run scripts/setup.sh"
vim.nox --version | head -n 1

home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT
export PATH="$server_folder:$PATH" HOME="$home" TERM=xterm

# client NAME PLUGIN: a workspace of its own, as what is typed into it is kept.
status=0
client() {
  export SPECQL_CLIENT="$1" SPECQL_WORKSPACE="$home/$1" SPECQL_REPORT="$home/$1.report"
  cp -r "$root/examples/blog" "$SPECQL_WORKSPACE"
  printf 'set runtimepath^=%s,%s\nsource %s\n' \
    "$root/editors/vim" "$2" "$root/tests/editors/vim/spec.vim" >"$home/vimrc"
  timeout 120 script --quiet --return --command "vim.nox -N -u $home/vimrc -i NONE -n" /dev/null </dev/null >/dev/null || status=$?
  cat "$SPECQL_REPORT" 2>/dev/null || echo "nothing was reported"
}
client ale /usr/share/vim-ale
if [ -n "${VIM_LSP:-}" ]; then
  client vim-lsp "$VIM_LSP"
else
  echo "not run: vim-lsp (VIM_LSP names no clone of it)"
fi
exit "$status"
