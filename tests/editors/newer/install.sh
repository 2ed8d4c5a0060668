#!/usr/bin/env bash
# Newer editors than this Debian has: each suite of `packages` in a folder of its own, .cache/newer/SUITE, which
# is a root for chroot and touches nothing of the machine. Wants root.
#   install.sh [SUITE]    all suites of `packages` by default: trixie, and sid with the newest Neovim
source "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

here="$root/tests/editors/newer"
[ "$(id -u)" = 0 ] || die "a folder is made a root for chroot, which root alone may do"
command -v debootstrap >/dev/null || apt-get install -q -y --no-install-recommends debootstrap
while read -r suite packages; do
  [ "${1:-$suite}" = "$suite" ] || continue
  folder="$cache/newer/$suite.part"
  rm -rf "${folder:?}" "${cache:?}/newer/$suite"
  mkdir -p "$folder"
  debootstrap --variant=minbase "$suite" "$folder" >"$folder.log" 2>&1 || die "debootstrap $suite: $(tail -n 5 "$folder.log")"
  # shellcheck disable=SC2086 # words of the list
  unshare --mount --propagation private bash -euc '
    folder="$1"; shift
    mount -t proc proc "$folder/proc"
    # A mirror may be behind, which matters to a machine and not to a test.
    chroot "$folder" apt-get -o Acquire::Check-Valid-Until=false update -q
    chroot "$folder" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
    chroot "$folder" apt-get clean' -- "$folder" $packages >>"$folder.log" 2>&1 || die "$suite: $(tail -n 5 "$folder.log")"
  rm "$folder.log"
  mv "$folder" "$cache/newer/$suite"
done <"$here/packages"
