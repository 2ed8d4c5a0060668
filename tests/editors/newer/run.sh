#!/usr/bin/env bash
# The tests of editors once more, in the newer editors that install.sh has brought.
#   run.sh FOLDER    FOLDER holds the executable `specql-lsp`; suites that are not installed are left out
source "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

server_folder="$(cd "${1:?the folder of specql-lsp}" && pwd)"
[ -x "$server_folder/specql-lsp" ] || die "no specql-lsp in $server_folder"
[ -d "$cache/newer/trixie" ] || [ -d "$cache/newer/sid" ] || die "the newer editors are missing: run tests/editors/newer/install.sh"
mkdir -p "$cache/screens"

# within SUITE COMMAND…: the repository is /repo there, the server /server, screens are kept in /screens. What is
# mounted is seen by this command alone, and ends with it.
within() {
  local folder="$cache/newer/$1"
  shift
  mkdir -p "$folder"/{repo,server,screens}
  unshare --mount --propagation private bash -euc '
    folder="$1"; repository="$2"; server="$3"; screens="$4"; shift 4
    mount --bind "$repository" "$folder/repo"
    # Executables in there are for the machine outside.
    mount -t tmpfs tmpfs "$folder/repo/.cache"
    mount --bind "$server" "$folder/server"
    mount --bind "$screens" "$folder/screens"
    mount --rbind /dev "$folder/dev"
    mount -t proc proc "$folder/proc"
    exec env -i HOME=/root LANG=C.UTF-8 TERM=xterm-256color SPECQL_SCREENS=/screens \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot "$folder" "$@"' \
    -- "$folder" "$root" "$server_folder" "$cache/screens" "$@" </dev/null
}

status=0
check() {
  [ -d "$cache/newer/$1" ] || return 0
  section "$2, from $1"
  within "$1" timeout 300 "/repo/tests/editors/$2/run.sh" /server || status=1
}
check trixie helix
check trixie emacs
check trixie vim
check trixie kakoune
check sid neovim
exit "$status"
