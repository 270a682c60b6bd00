#!/usr/bin/env bash
# Prints the path of a Chromium for the browser test: that of CHROMIUM, one that is installed, or else Debian's, installed now.
source "$(dirname "$0")/lib.sh"

find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [[ -n $name ]] && command -v "$name"; then
      return
    fi
  done
  return 1
}

can_install() {
  command -v apt-get >/dev/null && can_be_root
}

if [[ -n ${CHROMIUM:-} ]] && ! command -v "$CHROMIUM" >/dev/null; then
  fail "CHROMIUM is set to $CHROMIUM, which is no program"
fi
if ! find_chromium; then
  can_install || fail 'The browser test needs Chromium. On Debian: apt-get install chromium. Elsewhere set CHROMIUM to the path of a Chromium or Chrome.'
  echo 'installing chromium' >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >&2
  find_chromium || fail 'chromium was installed but cannot be found'
fi
