#!/usr/bin/env bash
# Asks Kakoune, without a terminal, what it makes of entity files, and of a preview by the built server.
# kak-lsp is not among Debian's packages, so its part is not run.
#   run.sh FOLDER    FOLDER holds the executable `specql-lsp`
source "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

server_folder="$(cd "${1:?the folder of specql-lsp}" && pwd)"
[ -x "$server_folder/specql-lsp" ] || die "no specql-lsp in $server_folder"
command -v kak >/dev/null || die "kak is missing: run scripts/setup.sh"
kak -version

home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT
cp -r "$root/examples/blog" "$home/blog"
printf 'services:\n  entity: Post\n' >"$home/blog/compose.yaml"
export PATH="$server_folder:$PATH" HOME="$home" XDG_RUNTIME_DIR="$home"

# asked NAME EXPECTED FILE COMMANDS: the commands leave their answer in the register `a`.
asked() {
  local said
  rm -f "$home/said"
  timeout 30 kak -ui dummy -e "
    source $root/editors/kakoune/specql.kak
    edit $3
    try %{ $4 } catch %{ set-register a %val{error} }
    echo -to-file $home/said -- %reg{a}
    quit!" >/dev/null 2>&1
  said="$(cat "$home/said" 2>/dev/null || true)"
  case "$said" in
    *"$2"*) echo "✓ $1" ;;
    *) die "$1: \`$said\` has no \`$2\`" ;;
  esac
}

post="$home/blog/entities/post.yaml"
asked "an entity file has the filetype" specql "$post" 'set-register a %opt{filetype}'
asked "other YAML is left alone" yaml "$home/blog/compose.yaml" 'set-register a %opt{filetype}'
asked "the server is set for kak-lsp" specql-lsp "$post" \
  'declare-option str lsp_servers; set-option buffer filetype yaml; set-option buffer filetype specql; set-register a %opt{lsp_servers}'
asked "the SQL of an action is shown" "CREATE OR REPLACE FUNCTION" "$post" \
  "specql-preview Post.create_post; execute-keys '%\"ay'"
asked "Enter goes to the level of what comes next" "        error: x" "$post" \
  "execute-keys -with-hooks 'geo    steps:<ret>- validate: a<ret>error: x<esc>x\"ay'"
