# shellcheck shell=bash disable=SC2154
# Long-running programs, each with NAME.pid and NAME.log in a directory: started, found again, ended by id. Sourced, never run.

# Prints the start time of a process: with its id, this tells it from a later one of the same id. Fails when it has ended.
start_time_of() {
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  # The name stands in parentheses and may hold anything. Then: 1 is the state, 20 the start time.
  local -a fields
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} != [ZX] ]] && echo "${fields[19]}"
}

# Prints the id of DIR/NAME.pid if that process still runs. A file left by an earlier one says nothing.
running_pid() {
  local dir=$1 name=$2 pid start_time
  { read -r pid start_time <"$dir/$name.pid"; } 2>/dev/null || return 1
  [[ -n $pid && $(start_time_of "$pid") == "$start_time" ]] && echo "$pid"
}

# launch DIR NAME COMMAND...: starts a program that outlives this shell. The command must exec: its id is the one noted.
launch() {
  local dir=$1 name=$2 pid
  shift 2
  # Emptied here, so that nobody reads in it what an earlier one said.
  : >"$dir/$name.log"
  setsid "$@" </dev/null >>"$dir/$name.log" 2>&1 &
  pid=$!
  printf '%s %s\n' "$pid" "$(start_time_of "$pid" || echo gone)" >"$dir/$name.pid"
}

# wait_until_ready DIR NAME SECONDS CHECK...: until the check succeeds; fails with the end of the log when the program ends or time is up.
wait_until_ready() {
  local dir=$1 name=$2 deadline=$((SECONDS + $3))
  shift 3
  until "$@"; do
    if ! running_pid "$dir" "$name" >/dev/null; then
      tail -n 20 "$dir/$name.log" >&2
      fail "$name ended instead of becoming ready. Its log is $dir/$name.log"
    elif ((SECONDS >= deadline)); then
      tail -n 20 "$dir/$name.log" >&2
      fail "$name runs but did not become ready in time. Its log is $dir/$name.log"
    fi
    sleep 0.05
  done
}

# end_process DIR NAME SIGNAL SECONDS: asks with the signal, insists with KILL when time is up.
end_process() {
  local dir=$1 name=$2 signal=$3 seconds=$4 pid
  if pid=$(running_pid "$dir" "$name"); then
    kill -s "$signal" "$pid"
    if ! has_ended_after "$dir" "$name" "$seconds"; then
      echo "$name did not stop within $seconds s and is killed" >&2
      kill -s KILL "$pid" 2>/dev/null || true
      has_ended_after "$dir" "$name" 10 || fail "$name (process $pid) cannot be ended"
    fi
    printf '%-16s stopped\n' "$name"
  fi
  rm -f "$dir/$name.pid"
}

has_ended_after() {
  local deadline=$((SECONDS + $3))
  while running_pid "$1" "$2" >/dev/null; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

is_listening() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Prints the port of an earlier start, in file $1, if it is free, or else another, noted there.
# Below the range of outgoing connections, which would take it between a stop and the next start.
free_port() {
  local file=$1 port
  port=$(cat "$file" 2>/dev/null) || port=$((20000 + RANDOM % 10000))
  while is_listening "$port"; do
    port=$((20000 + RANDOM % 10000))
  done
  echo "$port" | tee "$file"
}

# Writes a random secret that only its owner may read, unless the file is there.
make_secret() {
  if [[ ! -e $1 ]]; then
    # Whole or not at all: half a secret would be taken for one.
    (umask 077 && od -An -v -N32 -tx1 -w32 /dev/urandom | tr -d ' ' >"$1.new")
    mv "$1.new" "$1"
  fi
}

absolute() {
  if [[ $1 == /* ]]; then echo "$1"; else echo "$caller_directory/$1"; fi
}
