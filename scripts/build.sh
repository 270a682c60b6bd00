#!/usr/bin/env bash
# Builds the page and the release binary, target/release/analytics, with the page inside.
source "$(dirname "$0")/lib.sh"

check_tools() {
  need_rust
  need_node
}

step 'Tools' check_tools
step 'Node packages' install_node_packages_if_stale
step 'The contract and the page in TypeScript' npm run --silent build
step 'The server (the first build takes some minutes)' cargo build --release --locked -p analytics-server
print_summary 'Built target/release/analytics'
