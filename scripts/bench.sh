#!/usr/bin/env bash
# Measures the product against DuckDB, plain COPY and servers that do the least, in one run on one machine. Arguments go to the benchmark.
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

measure() {
  cargo build --release --locked -p analytics-bench -p analytics-server
  target/release/analytics-bench --python "$environment/bin/python" "$@"
}

step 'Tools' check_tools
step 'DuckDB' install_duckdb
step 'Servers: TimescaleDB and Redis' own_servers "$PWD/.cache/servers/bench"
step 'Benchmark (the first build takes some minutes)' measure "$@"
