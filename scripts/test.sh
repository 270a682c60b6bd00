#!/usr/bin/env bash
# Everything that must hold before a change is taken: the cheap checks first. The first failure ends it.
source "$(dirname "$0")/lib.sh"

export CARGO_TERM_PROGRESS_WHEN=${CARGO_TERM_PROGRESS_WHEN:-auto}

check_tools() {
  need_rust
  need_node
  need_python
}

check_contract() {
  npm run --silent lint:proto
  npm run --silent breaking
  npm run --silent generate:check
  cargo run --quiet --locked -p analytics-codegen -- --check
  echo 'the contract is well formed and breaks nobody; what is generated from it is fresh'
}

check_dependencies() {
  local cargo_deny
  cargo_deny=$(scripts/cargo-deny.sh)
  "$cargo_deny" --locked check bans licenses sources
}

# On the binary that the Rust tests ran: cargo built it for them, and building it by itself would build dependencies anew.
run_end_to_end() {
  local chromium
  chromium=$(scripts/install-chromium.sh)
  ANALYTICS_BIN=$PWD/target/debug/analytics CHROMIUM=$chromium npm run --silent e2e
}

step 'Tools' check_tools
step 'Node packages' install_node_packages
step 'Format of the Rust code' cargo fmt --all --check
step 'Contract: lint, breaking changes, generated files' check_contract
step 'TypeScript: build' npm run --silent build
step 'TypeScript: types, unit tests, packages' npm run --silent test
step 'Rust: clippy' cargo clippy --locked --workspace --all-targets -- -D warnings
step 'Servers: TimescaleDB and Redis' own_servers "$PWD/.cache/servers/test"
step 'Rust: tests' cargo test --locked --workspace
step 'Dependencies: bans, licences, sources' check_dependencies
step 'End to end: server, clients, page in a browser' run_end_to_end
print_summary 'Everything holds'
