# shellcheck shell=bash
# Where PostgreSQL with TimescaleDB and Redis come from. Sourced, never run.
#
# Programs of the system are used if they fit. Where the distribution has the packages, they are installed. Elsewhere those of
# Debian 13 are unpacked below .cache and bound to the libraries beside them: that takes neither root nor anything of the system.

fetched_root=$PWD/.cache/servers/root

# What find_programs finds: the directory of `postgres` and `initdb`, and the Redis server.
postgres_bin=''
redis_server=''

find_programs() {
  find_system_programs || find_fetched_programs
}

find_system_programs() {
  local bin
  postgres_bin=''
  for bin in $(compgen -G '/usr/lib/postgresql/*/bin' | sort -V) $(directory_of postgres); do
    if has_timescale "$bin"; then
      postgres_bin=$bin
    fi
  done
  redis_server=$(command -v redis-server) && version_of_at_least "$redis_server" 7 && [[ -n $postgres_bin ]]
}

find_fetched_programs() {
  postgres_bin=$(compgen -G "$fetched_root/usr/lib/postgresql/*/bin") || return
  redis_server=$fetched_root/usr/bin/redis-server
  # They name their libraries by whole paths: in a folder that has been moved they no longer start.
  has_timescale "$postgres_bin" && version_of_at_least "$redis_server" 7
}

directory_of() {
  local program
  program=$(command -v "$1") && dirname "$(readlink -f "$program")"
}

has_timescale() {
  local libraries=$1/../lib
  if [[ ! -e $libraries/timescaledb.so && -x $1/pg_config ]]; then
    libraries=$("$1/pg_config" --pkglibdir)
  fi
  [[ -x $1/initdb && -e $libraries/timescaledb.so ]] && version_of_at_least "$1/postgres" 16
}

version_of_at_least() {
  local said
  said=$("$1" --version 2>/dev/null) && version_at_least "$(grep -oE '[0-9]+(\.[0-9]+)*' <<<"$said" | head -n 1)" "$2"
}

install_programs() {
  local lock
  if ! find_programs; then
    mkdir -p "$(dirname "$fetched_root")"
    # Whoever comes second finds what the first has installed.
    exec {lock}>"$fetched_root.lock"
    flock "$lock"
    find_programs || install_missing_programs
    exec {lock}>&-
  fi
  printf '%-12s %s\n' PostgreSQL "$("$postgres_bin/postgres" --version)" Redis "$("$redis_server" --version)" from "$postgres_bin"
}

install_missing_programs() {
  local timescale
  command -v apt-get >/dev/null || advise 'This system has no apt-get.'
  if can_be_root; then
    # Of several sources, one that does not answer may be one that is not needed.
    as_root apt-get update -qq || true
  fi
  timescale=$(offered_timescale)
  if [[ -n $timescale ]] && can_be_root; then
    echo "installing $timescale and redis-server"
    as_root infrastructure/local/install-packages.sh "$timescale" redis-server
  else
    fetch_programs
  fi
  find_programs || advise 'The programs were installed but do not fit.'
}

# Prints the newest TimescaleDB package of the distribution, for PostgreSQL 16 or newer.
offered_timescale() {
  apt-cache pkgnames postgresql- | { grep -E '^postgresql-(1[6-9]|[2-9][0-9])-timescaledb$' || true; } | sort -V | tail -n 1
}

fetch_programs() {
  local tool
  for tool in mmdebstrap patchelf; do
    if ! command -v "$tool" >/dev/null; then
      can_be_root || advise "$tool is missing, and neither root nor sudo without a password is at hand to install it."
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$tool" debian-archive-keyring >/dev/null
    fi
  done
  local aside=$fetched_root.new
  echo 'fetching the packages of Debian 13'
  rm -rf "$aside"
  mmdebstrap --quiet --mode=chrootless --variant=extract \
    --include=postgresql-17,postgresql-17-timescaledb,redis-server trixie "$aside"
  bind_to_own_libraries "$aside"
  # One that is there does not start, or else it would have been found.
  rm -rf "$fetched_root"
  mv -T "$aside" "$fetched_root"
}

# Lets programs that need a newer libc than the system's run outside a root directory of their own.
bind_to_own_libraries() {
  local unpacked=$1 program interpreter libraries
  libraries=$(dirname "$(compgen -G "$unpacked/usr/lib/*/libc.so.6")")
  for program in "$unpacked"/usr/lib/postgresql/*/bin/{postgres,initdb,psql} "$unpacked"/usr/bin/redis-{server,cli}; do
    program=$(readlink -f "$program")
    interpreter=$(patchelf --print-interpreter "$program")
    patchelf --set-interpreter "$fetched_root/usr$interpreter" "$program"
    # The older of the two kinds of path, for it holds for the libraries of libraries too.
    patchelf --force-rpath --set-rpath "$fetched_root${libraries#"$unpacked"}" "$program"
  done
}

# Says why the servers cannot be had by themselves, and how to go on.
advise() {
  fail "$1
TimescaleDB and Redis are needed. One of these helps:
- On Debian 13 or newer: apt-get install postgresql-17-timescaledb redis-server
- On an older Debian or a Ubuntu: apt-get install mmdebstrap patchelf debian-archive-keyring
- Anywhere, with servers of your own:
    docker run -d -p 127.0.0.1:5432:5432 -e POSTGRES_PASSWORD=local timescale/timescaledb:latest-pg17 \\
      -c max_connections=300 -c max_locks_per_transaction=512
    docker run -d -p 127.0.0.1:6379:6379 redis:8 \\
      redis-server --appendonly yes --appendfsync always --maxmemory-policy noeviction --save ''
    docker run -d -p 127.0.0.1:6380:6379 redis:8 \\
      redis-server --appendonly no --maxmemory-policy noeviction --save ''
    export DATABASE_URL=postgres://postgres:local@127.0.0.1:5432/postgres
    export REDIS_URL=redis://127.0.0.1:6379 EPHEMERAL_REDIS_URL=redis://127.0.0.1:6380"
}
