#!/usr/bin/env bash
# Kills every part of the platform under load more often than `make test` does. Usage: faults.sh KILLS
source "$(dirname "$0")/lib.sh"

kills=${1:-20}

check_tools() {
  need_rust
  [[ $kills =~ ^[1-9][0-9]*$ ]] || fail "KILLS is a number of kills of each part, such as KILLS=300, but is: $kills"
}

# One after the other: what they kill is not slowed down by what the other kills.
kill_parts() {
  ANALYTICS_FAULT_KILLS=$kills cargo test --locked -p analytics-server --test it -- --nocapture --test-threads 1 kills::killing_
}

check_controls() {
  cargo test --locked -p analytics-server --test it -- known_bad::
}

step 'Tools' check_tools
step 'Servers: TimescaleDB and Redis' own_servers "$PWD/.cache/servers/faults"
step "Each part killed $kills times under load" kill_parts
step 'What would lose events is caught' check_controls
print_summary "Nothing acknowledged was lost, nothing was counted twice"
