#!/usr/bin/env bash
# Builds the page and the release binary, target/release/analytics, with the page inside.
source "$(dirname "$0")/lib.sh"

check_tools() {
  need_rust
  need_node
}

# A page that is built anew makes cargo build the binary around it anew, which takes minutes.
build_page_if_stale() {
  local page=gateway/dashboard/dist/index.html
  if [[ -e $page && -e sdk/typescript/packages/types/dist ]] && [[ -z $(newer_than "$page") ]]; then
    echo 'unchanged'
  else
    npm run --silent build
  fi
}

newer_than() {
  find package-lock.json gateway/dashboard sdk/typescript/packages -newer "$1" -type f \
    -not -path '*/dist/*' -not -path '*/node_modules/*' -print -quit
}

step 'Tools' check_tools
step 'Node packages' install_node_packages_if_stale
step 'The contract and the page in TypeScript' build_page_if_stale
step 'The server (the first build takes some minutes)' cargo build --release --locked -p analytics-server
print_summary 'Built target/release/analytics'
