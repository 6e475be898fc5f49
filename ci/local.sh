# Where ./dev keeps what it runs. Sourced by ci/up, ci/down and ci/psql from the root of the repository.
# shellcheck shell=bash

state=$PWD/.fairway
binaries=$PWD/build/release/services
export PATH="$binaries/cli:$PATH"

# Exports where the private database is, and its administrator. Its socket needs no password.
use_database() {
  local ready
  ready=$(ci/pg_cluster start "$state/postgres")
  read -r _ POSTGRES_HOST POSTGRES_PORT <<<"$ready"
  export POSTGRES_HOST POSTGRES_PORT POSTGRES_USER=postgres POSTGRES_DB=fairway
}

# True while the service runs that ./dev up started. After a restart of the machine its number may be another process's. Not by
# the program's file: a linker may have moved it away to write the next one.
is_running() {
  local pid_file=$state/$1.pid command
  [[ -s $pid_file ]] || return
  read -rd '' command 2>/dev/null <"/proc/$(<"$pid_file")/cmdline" && [[ $command == */fairway-"$1" ]]
}

stop_service() {
  local pid_file=$state/$1.pid tries=200
  if is_running "$1"; then
    kill -TERM "$(<"$pid_file")"
    while is_running "$1" && ((tries-- > 0)); do sleep 0.1; done
    ! is_running "$1" || kill -KILL "$(<"$pid_file")"
  fi
  rm -f "$pid_file"
}

# Where a service of ./dev up listens, as the service reads it: "listen query" is FAIRWAY_QUERY_LISTEN or its default.
listen() { setting "$1" LISTEN; }
admin() { setting "$1" ADMIN; }
setting() {
  local -A defaults=([query.LISTEN]=50051 [query.ADMIN]=9464 [ingest.LISTEN]=50052 [ingest.ADMIN]=9465)
  local variable=FAIRWAY_${1^^}_$2
  echo "${!variable:-127.0.0.1:${defaults[$1.$2]}}"
}

# The command asks these services, whatever else is configured.
export FAIRWAY_QUERY_ADDRESS FAIRWAY_INGEST_ADDRESS
FAIRWAY_QUERY_ADDRESS=$(listen query)
FAIRWAY_INGEST_ADDRESS=$(listen ingest)
