#!/usr/bin/env bash
# Builds what is published: a wheel for PyPI, and for npm a package with the binary of this platform and one
# that starts it, with a bill of materials (CycloneDX) and a statement of where they come from (SLSA). Then
# installs each from the built file, in a place of its own and without the registries' copies of it, and
# runs it. Sizes and checksums are printed at the end.
#
#   scripts/release/build.sh                          into target/packages, with an optimised build
#   PROFILE=dev scripts/release/build.sh              with the build of the tests, to try the script
#   scripts/release/build.sh darwin-arm64=PATH …      with binaries for npm that were built elsewhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
cd "$root"

for it in "$@"; do
  case "$it" in
    -h | --help) sed -n '2,/^[^#]/ { s/^# \{0,1\}//p }' "${BASH_SOURCE[0]}"; exit 0 ;;
    [a-z]*-[a-z0-9]*=?*) [ -f "${it#*=}" ] || die "${it#*=} is no file: name a binary, as darwin-arm64=PATH" ;;
    *) die "\`$it\` is no binary for a platform: write darwin-arm64=PATH; --help says more" ;;
  esac
done

profile="${PROFILE:-release}"
out="$root/target/packages"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
rm -rf "$out"
mkdir -p "$out"
# The time in archives is that of the commit, so that one commit gives one file.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH

# The version stands in Cargo.toml; what else names one is held by tests/tests/tidy.rs.
version="$(cargo metadata --no-deps --locked --format-version 1 |
  python3 -c 'import json, sys; print(next(it["version"] for it in json.load(sys.stdin)["packages"] if it["name"] == "specql-lsp"))')"

section "tools"
python3 -m venv "$work/tools"
"$work/tools/bin/pip" install -q --disable-pip-version-check -r scripts/release/requirements.txt

section "wheel"
scripts/release/reproducible.sh "$work/tools/bin/maturin" build --profile "$profile" --locked --out "$out"
wheel="$(echo "$out"/specql_lsp-*.whl)"
python3 scripts/release/anywhere.py "$wheel" "$root"
# The wheel has its bill of materials inside, as PEP 770 says; the other packages are of the same crates.
bill="specql-lsp-$version.cyclonedx.json"
python3 -c 'import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
(name,) = [it for it in wheel.namelist() if "/sboms/" in it]
open(sys.argv[2], "wb").write(wheel.read(name))' "$wheel" "$out/$bill"
! grep -qF "$root" "$out/$bill" || die "the bill of materials names folders of this machine"

section "npm"
node_platform() { node -p '`${process.platform}-${process.arch}`'; }
folder="${CARGO_TARGET_DIR:-$root/target}/$([ "$profile" = dev ] && echo debug || echo "$profile")"
! grep -qaF "${CARGO_HOME:-$HOME/.cargo}/" "$folder/specql-lsp" || die "the binary names folders of this machine"
here="$(node_platform)"
platforms=("$here=$folder/specql-lsp" "$@")
dependencies=()
for it in "${platforms[@]}"; do
  platform="${it%%=*}" binary="${it#*=}"
  name="specql-lsp-$platform"
  mkdir -p "$work/npm/$name/bin"
  case "$platform" in win32-*) file=specql-lsp.exe ;; *) file=specql-lsp ;; esac
  install -m 755 "$binary" "$work/npm/$name/bin/$file"
  cp LICENSE "$work/npm/$name/"
  cp "$out/$bill" "$work/npm/$name/sbom.cyclonedx.json"
  cat >"$work/npm/$name/package.json" <<JSON
{
  "name": "$name",
  "version": "$version",
  "description": "The binary of specql-lsp for $platform",
  "license": "MIT",
  "repository": { "type": "git", "url": "git+https://github.com/specql/specql-lsp.git" },
  "os": ["${platform%-*}"],
  "cpu": ["${platform#*-}"],
  "files": ["bin", "sbom.cyclonedx.json"]
}
JSON
  (cd "$work/npm/$name" && npm pack --silent --pack-destination "$out")
  dependencies+=("\"$name\": \"$version\"")
done
mkdir -p "$work/npm/specql-lsp/bin"
install -m 755 scripts/release/shim.js "$work/npm/specql-lsp/bin/specql-lsp.js"
cp LICENSE README.md "$work/npm/specql-lsp/"
cat >"$work/npm/specql-lsp/package.json" <<JSON
{
  "name": "specql-lsp",
  "version": "$version",
  "description": "Language server, checker and generator for SpecQL entity files",
  "license": "MIT",
  "repository": { "type": "git", "url": "git+https://github.com/specql/specql-lsp.git" },
  "bin": { "specql-lsp": "bin/specql-lsp.js" },
  "engines": { "node": ">=18" },
  "files": ["bin"],
  "optionalDependencies": { $(IFS=,; echo "${dependencies[*]}") }
}
JSON
(cd "$work/npm/specql-lsp" && npm pack --silent --pack-destination "$out")

# runs COMMAND…: the version is right, clean files end with 0, a mistake with 1, and the server answers.
runs() {
  [ "$("$@" --version)" = "specql-lsp $version" ] || die "$* has another version"
  "$@" check examples >/dev/null || die "$* does not check the examples"
  printf 'entity: A\nfields:\n  a: txt\n' >"$work/a.yaml"
  local status=0
  "$@" check "$work/a.yaml" >/dev/null || status=$?
  [ "$status" = 1 ] || die "$* ends with $status over a mistake"
  local request='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
  local answer
  answer="$(printf 'Content-Length: %d\r\n\r\n%s' "${#request}" "$request" | timeout 60 "$@" serve --stdio || true)"
  grep -q '"name":"specql-lsp"' <<<"$answer" || die "$* does not answer as a server"
  echo "ok: $*"
}

section "installed from the wheel"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check --no-index "$wheel"
runs "$work/venv/bin/specql-lsp"

section "installed from npm's files"
mkdir "$work/app"
(cd "$work/app" && npm init -y >/dev/null &&
  npm install --silent --offline --no-audit --no-fund "$out/specql-lsp-$here-$version.tgz" "$out/specql-lsp-$version.tgz")
runs "$work/app/node_modules/.bin/specql-lsp"

section "where it comes from"
python3 scripts/release/provenance.py write "$out" "$version" "$profile"
"$work/tools/bin/python" scripts/release/provenance.py verify "$out"

section "packages of version $version"
cd "$out"
for it in *; do printf '%8d kB  %s\n' "$(($(stat -c %s "$it") / 1024))" "$it"; done
printf '%8d kB  the binary itself\n' "$(($(stat -c %s "$folder/specql-lsp") / 1024))"
sums="$(sha256sum -- *)"
tee SHA256SUMS <<<"$sums"
