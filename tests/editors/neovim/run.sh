#!/usr/bin/env bash
# Runs spec.lua in a real, headless Neovim as a user would have it: the plugin on the runtime path,
# `vim.lsp.enable` in the configuration, the built server on PATH.
#   run.sh FOLDER [WORKSPACE]    FOLDER holds the executable `specql-lsp`; WORKSPACE, of which a copy is
#                                edited, is examples/blog by default
source "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

server_folder="$(cd "${1:?the folder of specql-lsp}" && pwd)"
[ -x "$server_folder/specql-lsp" ] || die "no specql-lsp in $server_folder"
command -v nvim >/dev/null || die "nvim is missing: run scripts/setup.sh"
nvim --version | head -n 1 | grep -q '^NVIM v0\.1[12]\.' || die "the tests want Neovim 0.11 or 0.12: $(nvim --version | head -n 1)"

home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT
cp -r "${2:-$root/examples/blog}" "$home/blog"

"$root/editors/neovim/build.sh" "$home/parsers"
# Buffers without a file belong to the workspace as well.
cd "$home/blog"

# neovim RUNTIMEPATH SCRIPT: a fresh home, so no configuration, state or cache of the user takes part.
status=0
neovim() {
  PATH="$server_folder:$PATH" HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_STATE_HOME="$home/state" \
    XDG_CACHE_HOME="$home/cache" XDG_DATA_HOME="$home/data" SPECQL_WORKSPACE="$home/blog" \
    SPECQL_PLUGIN="$root/editors/neovim" timeout 120 nvim --clean --headless --cmd "set runtimepath^=$1" \
    -c "lua vim.lsp.enable('specql_lsp')" -c "luafile $root/tests/editors/neovim/$2" </dev/null || status=$?
}
neovim "$root/editors/neovim" plain.lua
neovim "$root/editors/neovim,$home/parsers" spec.lua
if [ "$status" != 0 ]; then
  echo "── the log of Neovim's LSP client"
  tail -n 20 "$home/state/nvim/lsp.log" 2>/dev/null || true
fi
exit "$status"
