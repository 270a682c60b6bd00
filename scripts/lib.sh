# shellcheck shell=bash
# Shared by the scripts beside it: sourced, never run.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bold='' red='' plain=''
if [[ -t 1 ]]; then
  bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'
fi

current_step=''
summary=()

heading() {
  printf '\n%s==> %s%s\n' "$bold" "$1" "$plain"
}

# Stops with a message for the person at the keyboard.
fail() {
  printf '%s%s%s\n' "$red" "$*" "$plain" >&2
  exit 1
}

# step NAME COMMAND...: runs the command under a heading and notes how long it took. The first failure ends the script.
step() {
  current_step=$1
  shift
  local begin=$SECONDS
  heading "$current_step"
  "$@"
  summary+=("$(printf '%5d s  %s' $((SECONDS - begin)) "$current_step")")
  current_step=''
}

print_summary() {
  heading "$1"
  printf '%s\n' "${summary[@]}"
  printf '%5d s  in all\n' "$SECONDS"
}

name_failed_step() {
  local status=$?
  if ((status != 0)) && [[ -n $current_step ]]; then
    printf '\n%sFailed: %s (exit status %d, after %d s)%s\n' "$red" "$current_step" "$status" "$SECONDS" "$plain" >&2
  fi
}

own_servers_dir=''

# own_servers DIR: TimescaleDB and Redis that nobody else uses, with nothing in them, until this script ends. Those that the variables
# name are used as they are.
own_servers() {
  if ! servers_are_given; then
    own_servers_dir=$1
    # An earlier run that was killed may have left its own.
    infrastructure/local/servers.sh stop "$own_servers_dir"
    rm -rf "$own_servers_dir"
    infrastructure/local/servers.sh start "$own_servers_dir"
    source "$own_servers_dir/env"
  fi
}

end_script() {
  name_failed_step
  if [[ -n $own_servers_dir ]]; then
    infrastructure/local/servers.sh stop "$own_servers_dir" >/dev/null || true
  fi
}
trap end_script EXIT

# version_at_least FOUND WANTED: compares versions part by part.
version_at_least() {
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}

# need_tool NAME COMMAND VERSION HINT: the tool is there and new enough.
need_tool() {
  local name=$1 command=$2 wanted=$3 hint=$4 found
  command -v "$command" >/dev/null || fail "$name is missing. $hint"
  found=$("$command" --version | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1)
  version_at_least "$found" "$wanted" || fail "$name $wanted or newer is needed, but this is $found. $hint"
  printf '%-8s %s\n' "$name" "$found"
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo --non-interactive "$@"; fi
}

can_be_root() {
  as_root true 2>/dev/null
}

# Whether all three variables name servers that exist. Some of them without the others are a mistake.
servers_are_given() {
  local name missing=()
  for name in DATABASE_URL REDIS_URL EPHEMERAL_REDIS_URL; do
    [[ -n ${!name-} ]] || missing+=("$name")
  done
  if ((${#missing[@]} == 1 || ${#missing[@]} == 2)); then
    fail "${missing[*]} must be set too: DATABASE_URL, REDIS_URL and EPHEMERAL_REDIS_URL name existing servers together. Unset all, and servers are started."
  fi
  ((${#missing[@]} == 0))
}

need_rust() {
  need_tool Rust cargo 1.94 'Install it from https://rustup.rs, or type: rustup update'
  command -v cc >/dev/null || fail 'A C compiler is missing (SQLite is built from source). On Debian: apt-get install build-essential'
}

need_node() {
  need_tool Node node 20.19 'Install Node 20 or newer, with npm.'
  command -v npm >/dev/null || fail 'npm is missing. It comes with Node, or on Debian: apt-get install npm'
}

need_python() {
  need_tool Python python3 3.9 'On Debian: apt-get install python3'
}

# Installs exactly what package-lock.json names, and runs no install script of any package.
install_node_packages() {
  npm ci --ignore-scripts --no-audit --no-fund
}

# The same, but only when something changed since the last time.
install_node_packages_if_stale() {
  if [[ node_modules/.package-lock.json -nt package-lock.json ]]; then
    echo 'unchanged'
  else
    install_node_packages
  fi
}
