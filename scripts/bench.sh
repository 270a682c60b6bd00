#!/usr/bin/env bash
# Measures the product against DuckDB and plain COPY, in one run on one machine. Arguments go to the benchmark.
source "$(dirname "$0")/lib.sh"

environment=.cache/bench
requirements=crates/bench/peer/requirements.txt

check_tools() {
  need_rust
  need_python
}

# Into a folder of this repository: nothing of the system changes.
install_duckdb() {
  if [[ ! -x $environment/bin/python ]]; then
    rm -rf "$environment"
    python3 -m venv "$environment" || fail 'No virtual environment could be made. On Debian: apt-get install python3-venv'
  fi
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --requirement "$requirements"
  "$environment/bin/python" -c 'import duckdb; print("duckdb", duckdb.__version__)'
}

servers=$PWD/.cache/servers/bench

# Servers that nobody else uses, with nothing in them. Those that the variables name are used as they are.
start_servers() {
  if ! servers_are_given; then
    # An earlier run that was killed may have left its own.
    infrastructure/local/servers.sh stop "$servers"
    rm -rf "$servers"
    infrastructure/local/servers.sh start "$servers"
    source "$servers/env"
  fi
}

name_failed_step_and_stop_servers() {
  name_failed_step
  infrastructure/local/servers.sh stop "$servers" >/dev/null || true
}
trap name_failed_step_and_stop_servers EXIT

measure() {
  cargo run --release --locked -p analytics-bench -- --python "$environment/bin/python" "$@"
}

step 'Tools' check_tools
step 'DuckDB' install_duckdb
step 'Servers: TimescaleDB and Redis' start_servers
step 'Benchmark (the first build takes some minutes)' measure "$@"
