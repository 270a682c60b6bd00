#!/usr/bin/env bash
# Measures the product against its peers, in one run on one machine. Arguments go to the benchmark.
source "$(dirname "$0")/lib.sh"

duckdb_version=2.0.0
python_packages=$PWD/.cache/python

check_tools() {
  need_rust
  need_python
  python3 -m pip --version >/dev/null || fail 'pip is missing. On Debian: apt-get install python3-pip'
}

duckdb_is_there() {
  PYTHONPATH=$python_packages python3 -c "import duckdb; assert duckdb.__version__ == '$duckdb_version'" 2>/dev/null
}

# Into a folder of this repository: nothing of the system changes.
install_duckdb() {
  duckdb_is_there || python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --upgrade --no-deps \
    --only-binary :all: --target "$python_packages" "duckdb==$duckdb_version"
  duckdb_is_there || fail "duckdb $duckdb_version does not work with this Python"
  echo "duckdb $duckdb_version"
}

measure() {
  PYTHONPATH=$python_packages cargo run --release --locked -p analytics-bench -- "$@"
}

step 'Tools' check_tools
step 'DuckDB' install_duckdb
step 'Benchmark' measure "$@"
