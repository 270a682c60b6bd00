#!/usr/bin/env bash
# TimescaleDB and two Redis servers without Docker. `servers.sh --help` lists what it does.
caller_directory=$PWD
source "$(dirname "$0")/../../scripts/lib.sh"
source infrastructure/local/processes.sh
source infrastructure/local/programs.sh

usage() {
  cat <<'END'
TimescaleDB and two Redis servers (durable and ephemeral), on loopback, without Docker.

  servers.sh install        make the programs available: of the system, by apt, or below .cache
  servers.sh start [DIR]    start the servers, with their data in DIR; installs first if need be
  servers.sh stop [DIR]     stop them; the data stays
  servers.sh status [DIR]   say which run; exit status 1 unless all do
  servers.sh env [DIR]      print DATABASE_URL, REDIS_URL and EPHEMERAL_REDIS_URL

DIR is .cache/servers/run unless given: `cargo test` finds servers that run there by itself.
`start` starts nothing when these three variables already name servers.

For tests that need a server of their own, ending with whoever started it:
  servers.sh initdb DATA_DIR [PASSWORD]             make a database directory; without PASSWORD it trusts everybody on loopback
  servers.sh exec-postgres DATA_DIR PORT [ARGS...]  become a PostgreSQL server; makes DATA_DIR too, trusting, if it is empty
  servers.sh exec-redis DATA_DIR PORT [ARGS...]     become a Redis server, ephemeral unless ARGS say otherwise

Examples:
  infrastructure/local/servers.sh start
  eval "$(infrastructure/local/servers.sh env)" && psql "$DATABASE_URL"
  infrastructure/local/servers.sh stop
END
}

# Waits at most this long for a server to start: recovery after a crash included.
start_seconds=60

default_directory=$PWD/.cache/servers/run
names=(postgres redis redis-ephemeral)

more_initdb_arguments=()

# Whoever runs PostgreSQL: this user, or for root, whom PostgreSQL refuses, nobody.
as_database_user=()
if ((EUID == 0)); then
  as_database_user=(setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups)
fi

# let_database_user_reach PATH...: lets that user reach the paths, also below a private home, where it has to pass the
# directories of others. Without the secure bit, access(2), by which PostgreSQL looks for its files, would not know of that right.
let_database_user_reach() {
  local path capability
  ((EUID == 0)) || return 0
  for capability in '' dac_read_search dac_override; do
    local -a user=("${as_database_user[@]}")
    if [[ -n $capability ]]; then
      user+=(--securebits=+no_setuid_fixup "--inh-caps=+$capability" "--ambient-caps=+$capability")
    fi
    for path in "$@"; do
      "${user[@]}" test -r "$path" 2>/dev/null || continue 2
    done
    as_database_user=("${user[@]}")
    return
  done
  fail "User nobody, as whom root runs PostgreSQL, cannot reach $*. Use a folder that everybody can reach, or another user than root."
}

initialise_database() {
  local data=$1 password=${2-} password_file status=0
  mkdir -p "$data"
  chmod 700 "$data"
  password_file=$(mktemp)
  echo "$password" >"$password_file"
  if ((EUID == 0)); then
    chown "nobody:$(id -g nobody)" "$data" "$password_file"
  fi
  let_database_user_reach "$data" "$postgres_bin/postgres"
  local -a authentication=(--auth=trust)
  if [[ -n $password ]]; then
    authentication=(--auth=scram-sha-256 --pwfile="$password_file")
  fi
  "${as_database_user[@]}" "$postgres_bin/initdb" --pgdata="$data" --username=postgres --locale=C.UTF-8 --encoding=UTF8 \
    "${authentication[@]}" "${more_initdb_arguments[@]}" >/dev/null || status=$?
  rm "$password_file"
  return "$status"
}

# Sets `postgres`: the command of a server.
command_of_postgres() {
  local data=$1 port=$2
  shift 2
  let_database_user_reach "$data" "$postgres_bin/postgres"
  postgres=("${as_database_user[@]}" "$postgres_bin/postgres" -D "$data" -p "$port"
    -c listen_addresses=127.0.0.1 -c unix_socket_directories=
    -c shared_preload_libraries=timescaledb -c timescaledb.telemetry_level=off
    # Each database would keep a worker, and tests make many databases. The policies that workers run are not used.
    -c timescaledb.max_background_workers=0
    # Suites run beside each other, and a query locks every chunk that it may touch.
    -c max_connections=300 -c max_locks_per_transaction=512 -c shared_buffers=64MB
    # In the data directory and gone with it: what lies in /dev/shm outlives a server that is killed.
    -c dynamic_shared_memory_type=mmap "$@")
}

# Sets `redis`: the command of a server that keeps nothing unless more arguments say so.
command_of_redis() {
  local port=$1
  shift
  redis=("$redis_server" --bind 127.0.0.1 --port "$port" --save '' --appendonly no --maxmemory-policy noeviction "$@")
}

# Whether a started PostgreSQL takes connections: it says so in a file of its data directory, after its id.
postgres_is_ready() {
  local dir=$1 pid state
  pid=$(sed -n 1p "$dir/postgres/postmaster.pid" 2>/dev/null) || return
  state=$(sed -n 8p "$dir/postgres/postmaster.pid" 2>/dev/null) || return
  [[ $pid == "$(running_pid "$dir" postgres)" && $state == ready* ]]
}

# A server writes a new log at each start.
redis_is_ready() {
  grep -q 'Ready to accept connections' "$1/$2.log"
}

start_servers() {
  local dir=$1
  if servers_are_given; then
    echo 'The servers that DATABASE_URL, REDIS_URL and EPHEMERAL_REDIS_URL name are used; none is started.'
    return
  fi
  find_programs || install_programs
  mkdir -p "$dir"
  make_secret "$dir/password"
  start_postgres "$dir"
  start_redis "$dir" redis --appendonly yes --appendfsync always
  start_redis "$dir" redis-ephemeral
  write_env "$dir"
}

start_postgres() {
  local dir=$1 port postgres
  if is_running "$dir" postgres; then return; fi
  if [[ ! -e $dir/postgres ]]; then
    rm -rf "$dir/postgres.new"
    initialise_database "$dir/postgres.new" "$(cat "$dir/password")"
    echo 'CREATE DATABASE analytics' |
      "${as_database_user[@]}" "$postgres_bin/postgres" --single -D "$dir/postgres.new" postgres >"$dir/postgres.log" 2>&1
    mv -T "$dir/postgres.new" "$dir/postgres"
  fi
  unlock_after_kill "$dir/postgres"
  port=$(free_port "$dir/postgres.port")
  command_of_postgres "$dir/postgres" "$port"
  launch "$dir" postgres "${postgres[@]}"
  wait_until_ready "$dir" postgres "$start_seconds" postgres_is_ready "$dir"
  say_started postgres "$port"
}

# PostgreSQL takes a killed server for a running one as long as nobody has asked for its exit status, as in containers
# without an init. Its lock may go when that server has ended, and with it every session: none holds its shared memory.
unlock_after_kill() {
  local lock=$1/postmaster.pid pid shared_memory deadline=$((SECONDS + 10))
  [[ -e $lock ]] || return 0
  pid=$(sed -n 1p "$lock")
  shared_memory=$(sed -n 7p "$lock" | awk '{ print $2 }')
  start_time_of "$pid" >/dev/null && return
  while awk -v id="$shared_memory" '$2 == id && $7 > 0 { held = 1 } END { exit !held }' /proc/sysvipc/shm; do
    ((SECONDS < deadline)) || fail "Sessions of a killed PostgreSQL are still there. Its data is in $1"
    sleep 0.05
  done
  rm "$lock"
}

start_redis() {
  local dir=$1 name=$2 port redis
  shift 2
  if is_running "$dir" "$name"; then return; fi
  mkdir -p "$dir/$name"
  port=$(free_port "$dir/$name.port")
  # In a file of its own: the command line is for everybody to read.
  (umask 077 && echo "requirepass $(cat "$dir/password")" >"$dir/$name/redis.conf")
  command_of_redis "$port" --dir "$dir/$name" "$@"
  launch "$dir" "$name" "${redis[0]}" "$dir/$name/redis.conf" "${redis[@]:1}"
  wait_until_ready "$dir" "$name" "$start_seconds" redis_is_ready "$dir" "$name"
  say_started "$name" "$port"
}

is_running() {
  running_pid "$1" "$2" >/dev/null && printf '%-16s runs already on 127.0.0.1:%s\n' "$2" "$(cat "$1/$2.port")"
}

say_started() {
  printf '%-16s started on 127.0.0.1:%s\n' "$1" "$2"
}

write_env() {
  local dir=$1 password
  password=$(cat "$dir/password")
  (
    umask 077
    cat >"$dir/env.new" <<END
export DATABASE_URL=postgres://postgres:$password@127.0.0.1:$(cat "$dir/postgres.port")/analytics
export REDIS_URL=redis://:$password@127.0.0.1:$(cat "$dir/redis.port")
export EPHEMERAL_REDIS_URL=redis://:$password@127.0.0.1:$(cat "$dir/redis-ephemeral.port")
END
  )
  mv "$dir/env.new" "$dir/env"
}

stop_servers() {
  local dir=$1
  rm -f "$dir/env"
  end_process "$dir" redis-ephemeral TERM 10
  end_process "$dir" redis TERM 10
  # INT ends sessions, where TERM would wait for them.
  end_process "$dir" postgres INT 30
}

show_status() {
  local dir=$1 name pid all=0
  for name in "${names[@]}"; do
    if pid=$(running_pid "$dir" "$name"); then
      printf '%-16s runs on 127.0.0.1:%s (process %s)\n' "$name" "$(cat "$dir/$name.port")" "$pid"
    else
      printf '%-16s does not run\n' "$name"
      all=1
    fi
  done
  return "$all"
}

need_programs() {
  find_programs || fail 'TimescaleDB and Redis are not installed. Type: infrastructure/local/servers.sh install'
}

main() {
  local command=${1-} postgres redis
  shift || true
  local dir=${1:+$(absolute "$1")}
  case $command in
    install) install_programs ;;
    start) start_servers "${dir:-$default_directory}" ;;
    stop) stop_servers "${dir:-$default_directory}" ;;
    status) show_status "${dir:-$default_directory}" ;;
    env) cat "${dir:-$default_directory}/env" 2>/dev/null || fail 'The servers do not run. Type: infrastructure/local/servers.sh start' ;;
    initdb | exec-postgres | exec-redis)
      [[ -n $dir ]] || fail "$command needs a directory. See: infrastructure/local/servers.sh --help"
      need_programs
      shift
      "${command//-/_}" "$dir" "$@"
      ;;
    help | --help | -h) usage ;;
    *) usage >&2 && exit 2 ;;
  esac
}

# Tests end before a power cut would matter, and most of the time would be spent on it.
initdb() {
  more_initdb_arguments=(--no-sync)
  initialise_database "$@"
}

exec_postgres() {
  [[ -e $1/PG_VERSION ]] || initdb "$1"
  command_of_postgres "$@"
  exec "${postgres[@]:0:${#as_database_user[@]}}" setpriv --pdeathsig KILL "${postgres[@]:${#as_database_user[@]}}"
}

exec_redis() {
  local data=$1
  shift
  command_of_redis "$1" --dir "$data" "${@:2}"
  exec setpriv --pdeathsig KILL "${redis[@]}"
}

main "$@"
