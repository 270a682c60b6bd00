#!/usr/bin/env bash
# The product as separate services on this machine. `roles.sh --help` lists what it does.
caller_directory=$PWD
source "$(dirname "$0")/../../scripts/lib.sh"
source infrastructure/local/processes.sh

usage() {
  cat <<'END'
Gateway, collector, processor and query service as processes, over the servers of `servers.sh start DIR`, or over those that
DATABASE_URL, REDIS_URL and EPHEMERAL_REDIS_URL name. `make up` and `make down` do both.

  roles.sh start [DIR]    prepare the database, start the four and wait until each is ready
  roles.sh stop [DIR]     stop them: open calls finish first
  roles.sh status [DIR]   say which run and are ready; exit status 1 unless all are

DIR is data-local unless given: logs, process ids, the admin key and the secret. ANALYTICS_BIN names another binary than
target/release/analytics.

Examples:
  infrastructure/local/servers.sh start data-local && infrastructure/local/roles.sh start
  infrastructure/local/roles.sh status
  tail -f data-local/collector.log
END
}

# In the order of starting; the doors close first.
names=(processor collector query gateway)
declare -A ports=([processor]=4002 [collector]=4101 [query]=4103 [gateway]=4100)
# Where they serve; the processor serves nobody.
declare -A doors=([collector]=4001 [query]=4003 [gateway]=4000)

program=${ANALYTICS_BIN:-target/release/analytics}
# The binary takes every variable of this form for a setting.
unset ANALYTICS_BIN
start_seconds=60
# A little more than calls get to finish.
stop_seconds=30

start_roles() {
  local dir=$1 name
  [[ -x $program ]] || fail "$program is not there. Type: make build"
  mkdir -p "$dir"
  find_servers "$dir"
  make_secret "$dir/secret"
  export ANALYTICS_DATABASE_URL=$DATABASE_URL ANALYTICS_REDIS_URL=$REDIS_URL ANALYTICS_EPHEMERAL_REDIS_URL=$EPHEMERAL_REDIS_URL
  "$program" setup --admin-key-file "$dir/admin-key"
  for name in "${names[@]}"; do
    start_role "$dir" "$name"
  done
  for name in "${names[@]}"; do
    wait_until_ready "$dir" "$name" "$start_seconds" is_ready "${ports[$name]}"
    printf '%-16s ready\n' "$name"
  done
}

# Those that are named, or else those that run in the directory.
find_servers() {
  if ! servers_are_given; then
    [[ -e $1/env ]] || fail "No servers run in $1. Type: infrastructure/local/servers.sh start ${1/#"$PWD/"/}"
    source "$1/env"
  fi
}

start_role() {
  local dir=$1 name=$2 port settings=()
  if running_pid "$dir" "$name" >/dev/null; then
    if [[ $dir/$name.pid -nt $program ]]; then
      printf '%-16s runs already\n' "$name"
      return
    fi
    # It was built anew since.
    end_process "$dir" "$name" TERM "$stop_seconds"
  fi
  # Or else whoever is there would be taken for the one to be started.
  for port in ${doors[$name]-} ${ports[$name]}; do
    if is_listening "$port"; then
      fail "127.0.0.1:$port, where the $name is to listen, is in use. \`ss -ltnp\` tells by whom: stop that, or \`make down\` where it was started."
    fi
  done
  if [[ $name == collector ]]; then
    # The gateway tells it the addresses of clients.
    settings=(ANALYTICS_SECRET_FILE="$dir/secret" ANALYTICS_TRUSTED_PROXIES=127.0.0.1)
  elif [[ $name == gateway ]]; then
    settings=(ANALYTICS_COLLECTOR_URLS=http://127.0.0.1:4001 ANALYTICS_QUERY_URLS=http://127.0.0.1:4003)
  fi
  launch "$dir" "$name" env "${settings[@]}" "$program" "$name"
}

is_ready() {
  local status
  { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return
  printf 'GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n' >&3
  read -r -t 5 status <&3
  exec 3>&-
  [[ $status == *' 200 '* ]]
}

stop_roles() {
  local dir=$1 index
  for ((index = ${#names[@]} - 1; index >= 0; index--)); do
    end_process "$dir" "${names[index]}" TERM "$stop_seconds"
  done
}

show_status() {
  local dir=$1 name pid all=0
  for name in "${names[@]}"; do
    if ! pid=$(running_pid "$dir" "$name"); then
      printf '%-16s does not run\n' "$name"
      all=1
    elif is_ready "${ports[$name]}"; then
      printf '%-16s ready (process %s)\n' "$name" "$pid"
    else
      printf '%-16s not ready (process %s): see http://127.0.0.1:%s/readyz\n' "$name" "$pid" "${ports[$name]}"
      all=1
    fi
  done
  return "$all"
}

say_what_next() {
  local dir=${1/#"$PWD/"/}
  cat <<END

  gRPC, grpc-web and the page: http://127.0.0.1:4000
  Metrics: http://127.0.0.1:4100/metrics (gateway), 4101 (collector), 4002 (processor), 4103 (query)
  The admin key: $dir/admin-key
  Logs: $dir/*.log

  Type next:
    $program demo --data-dir $dir
    $program query totals --data-dir $dir --project demo --from $(date -d '7 days ago' +%F) --to $(date -d tomorrow +%F)
    $program key create --data-dir $dir --project demo --scope query     # for the page
  \`make down\` stops everything; the data stays in $dir.
END
}

main() {
  local command=${1-} dir=$PWD/data-local
  if [[ -n ${2-} ]]; then dir=$(absolute "$2"); fi
  case $command in
    start)
      start_roles "$dir"
      say_what_next "$dir"
      ;;
    stop) stop_roles "$dir" ;;
    status) show_status "$dir" ;;
    help | --help | -h) usage ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
}

main "$@"
