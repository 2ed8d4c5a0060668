#!/usr/bin/env bash
# Sets Helix up as editors/helix/README.md says, opens a broken file, and reads the screen.
#   run.sh FOLDER    FOLDER holds the executable `specql-lsp`. The screen is kept in SPECQL_SCREENS.
source "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

server_folder="$(cd "${1:?the folder of specql-lsp}" && pwd)"
[ -x "$server_folder/specql-lsp" ] || die "no specql-lsp in $server_folder"
command -v hx >/dev/null || die "Helix is missing: tests/editors/newer/run.sh runs this where it is"
command -v tmux >/dev/null || die "tmux is missing"
screens="${SPECQL_SCREENS:-$cache/screens}"
hx --version

home="$(mktemp -d)"
# A server of tmux of its own.
terminal() { tmux -u -S "$home/tmux" "$@"; }
trap 'terminal kill-server 2>/dev/null || true; rm -rf "$home"' EXIT
export PATH="$server_folder:$PATH" HOME="$home" TERM=xterm-256color COLORTERM=truecolor

runtime="$home/.config/helix/runtime"
mkdir -p "$runtime/grammars" "$runtime/queries" "$screens"
{
  echo 'use-grammars = { only = ["specql", "specql_type", "specql_step"] }'
  sed "s#/path/to/specql-lsp#$root#" "$root/editors/helix/languages.toml"
} >"$home/.config/helix/languages.toml"
hx --grammar build
ln -s "$root"/editors/helix/queries/* "$runtime/queries/"
health="$(hx --health specql | sed 's/\x1b\[[0-9;]*m//g')"
for line in "✓ specql-lsp" "Tree-sitter parser: ✓" "Highlight queries: ✓" "Textobject queries: ✓" "Indent queries: ✓"; do
  grep -qF "$line" <<<"$health" || die "hx --health has no \`$line\`: $health"
done
echo "✓ hx --health knows the server, the parsers and the queries"

cp -r "$root/examples/blog" "$home/blog"
cd "$home/blog"
file=entities/post.specql.yaml
mv entities/post.yaml "$file"
sed -i '0,/fields: \[post_count\]/s//fields: [post_cuont]/' "$file"
terminal -f /dev/null new-session -d -x 120 -y 40 "hx $file"

# screen NAME WANTED: waits until the screen has the text, and keeps it, with colours too.
screen() {
  local tries
  for tries in $(seq 100); do
    terminal capture-pane -p >"$screens/helix-$1.txt" 2>/dev/null || die "Helix has ended"
    if grep -qF "$2" "$screens/helix-$1.txt"; then
      terminal capture-pane -p -e >"$screens/helix-$1.ansi"
      return
    fi
    sleep 0.2
  done
  cat "$screens/helix-$1.txt"
  die "the screen never had \`$2\`"
}
screen opened '● '
terminal send-keys '/post_cuont' Enter
screen finding 'has no field `post_cuont`'
# Of a name in a step, which is inside of a text of YAML.
grep -P '\x1b\[[0-9;]+m(\x1b\[[0-9;]+m)*SET' "$screens/helix-finding.ansi" >/dev/null || die "a step has no colours"
echo "✓ a finding is shown, and steps have their colours"

terminal send-keys Space a
screen fixes 'post_count'
terminal send-keys Enter
screen mended 'fields: [post_count]'
echo "✓ a code action mends it"

# A key right behind Escape would be one with Alt.
terminal send-keys Escape && sleep 0.5
terminal send-keys gg '/create_post' Enter
terminal send-keys Space k
screen hover 'PERFORM app.fail'
echo "✓ a hover shows the SQL of an action"
