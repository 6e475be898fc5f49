# Where ./dev keeps what it runs. Sourced by ci/up, ci/down and ci/psql from the root of the repository.
# shellcheck shell=bash

state=$PWD/.fairway
binaries=$PWD/build/release/services
export PATH="$binaries/cli:$PATH"

# Exports where the private database is. Its socket trusts whoever can reach it.
use_database() {
  local ready
  ready=$(ci/pg_cluster start "$state/postgres")
  read -r _ POSTGRES_HOST POSTGRES_PORT <<<"$ready"
  export POSTGRES_HOST POSTGRES_PORT POSTGRES_USER=postgres POSTGRES_DB=fairway
}

# True while the process that wrote this pid file runs.
is_running() { [[ -s $1 ]] && kill -0 "$(cat "$1")" 2>/dev/null; }

stop_service() {
  local pid_file=$state/$1.pid patience=200
  if is_running "$pid_file"; then
    kill -TERM "$(cat "$pid_file")"
    while is_running "$pid_file" && ((patience-- > 0)); do sleep 0.1; done
    ! is_running "$pid_file" || kill -KILL "$(cat "$pid_file")"
  fi
  rm -f "$pid_file"
}
