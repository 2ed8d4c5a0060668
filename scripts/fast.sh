#!/usr/bin/env bash
# The inner loop: unit and fixture tests, without databases, brokers and editors. Arguments go to
# nextest: `scripts/fast.sh -p specql-check duplicate_key`.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

if [ "$#" = 0 ]; then
  cargo nextest run --locked --workspace --exclude specql-tests --exclude xtask
  [ -d editors/vscode/node_modules ] || die "the extension's packages are missing: run scripts/setup.sh once"
  npm --prefix editors/vscode --silent run check
  npm --prefix editors/vscode --silent test
else
  cargo nextest run --locked "$@"
fi
