#!/usr/bin/env bash
# What the official PostgreSQL image does before the server starts, written from its documentation and its log lines;
# ../behaviour.ts lists what, and where it is documented.
set -Eeo pipefail

# Takes VAR from the file that VAR_FILE names, else from VAR, else $2.
take_setting() {
  local name=$1 file_name="${1}_FILE"
  if [ "${!name:-}" ] && [ "${!file_name:-}" ]; then
    printf >&2 'error: both %s and %s are set (but are exclusive)\n' "$name" "$file_name"
    exit 1
  fi
  local value=${!name:-${2:-}}
  if [ "${!file_name:-}" ]; then value=$(<"${!file_name}"); fi
  export "$name=$value"
  unset "$file_name"
}

prepare_directories() {
  install -d -m 0700 "$PGDATA" 2>/dev/null || mkdir -p "$PGDATA"
  mkdir -p /var/run/postgresql
  chmod 03775 /var/run/postgresql || true
  if [ -n "${POSTGRES_INITDB_WALDIR:-}" ]; then mkdir -p "$POSTGRES_INITDB_WALDIR"; fi
  if [ "$(id -u)" -eq 0 ]; then
    find "$PGDATA" /var/run/postgresql ${POSTGRES_INITDB_WALDIR:+"$POSTGRES_INITDB_WALDIR"} \
      \! -user postgres -exec chown postgres '{}' +
  fi
  chmod 0700 "$PGDATA" || true
}

require_password() {
  if [ -n "$POSTGRES_PASSWORD" ] || [ "${POSTGRES_HOST_AUTH_METHOD:-}" = trust ]; then return; fi
  cat >&2 <<'TEXT'
Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.
TEXT
  exit 1
}

warn_of_trust() {
  if [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then return; fi
  echo >&2 'WARNING: POSTGRES_HOST_AUTH_METHOD has been set to "trust". This will allow'
  echo >&2 '         anyone with access to the Postgres port to access your database without'
  echo >&2 '         a password, even if POSTGRES_PASSWORD is set.'
}

create_cluster() {
  local -a arguments=()
  # As a shell would: the variable may hold several arguments, quoted ones too.
  eval "arguments=(${POSTGRES_INITDB_ARGS:-})"
  if [ -n "${POSTGRES_INITDB_WALDIR:-}" ]; then arguments+=(--waldir "$POSTGRES_INITDB_WALDIR"); fi
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "${arguments[@]}"
  local method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption -D "$PGDATA" "$@")}
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

# The temporary server listens on the socket only.
start_temporary_server() {
  NOTIFY_SOCKET='' PGUSER="${PGUSER:-$POSTGRES_USER}" pg_ctl -D "$PGDATA" -w start \
    -o "$(printf '%q ' "$@" -c listen_addresses='' -p "${PGPORT:-5432}")"
}

# For init scripts too, which are sourced and use it.
docker_process_sql() {
  local -a query=(psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password --no-psqlrc)
  if [ -n "$POSTGRES_DB" ]; then query+=(--dbname "$POSTGRES_DB"); fi
  PGHOST='' PGHOSTADDR='' "${query[@]}" "$@"
}

create_database() {
  local known
  known=$(POSTGRES_DB='' docker_process_sql --dbname postgres --set db="$POSTGRES_DB" --tuples-only \
    <<<"SELECT 1 FROM pg_database WHERE datname = :'db';")
  if [ -n "$known" ]; then return; fi
  POSTGRES_DB='' docker_process_sql --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
  echo
}

run_init_files() {
  local file
  echo
  for file; do
    case "$file" in
      *.sh)
        if [ -x "$file" ]; then
          echo "$0: running $file"
          "$file"
        else
          echo "$0: sourcing $file"
          . "$file"
        fi
        ;;
      *.sql) echo "$0: running $file"; docker_process_sql -f "$file"; echo ;;
      *.sql.gz) echo "$0: running $file"; gunzip -c "$file" | docker_process_sql; echo ;;
      *.sql.xz) echo "$0: running $file"; xzcat "$file" | docker_process_sql; echo ;;
      *.sql.zst) echo "$0: running $file"; zstd -dc "$file" | docker_process_sql; echo ;;
      *) echo "$0: ignoring $file" ;;
    esac
    echo
  done
}

initialise() {
  take_setting POSTGRES_PASSWORD
  take_setting POSTGRES_USER postgres
  take_setting POSTGRES_DB "$POSTGRES_USER"
  take_setting POSTGRES_INITDB_ARGS
  require_password
  warn_of_trust
  # A directory that exists but cannot be read must fail before the cluster is made.
  ls /docker-entrypoint-initdb.d/ >/dev/null
  create_cluster "$@"
  export PGPASSWORD="${PGPASSWORD:-$POSTGRES_PASSWORD}"
  start_temporary_server "$@"
  create_database
  run_init_files /docker-entrypoint-initdb.d/*
  PGUSER="${PGUSER:-postgres}" pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

# Help and version need no database.
asks_for_help() {
  local argument
  for argument; do
    case "$argument" in
      -'?' | --help | --describe-config | -V | --version) return 0 ;;
    esac
  done
  return 1
}

if [ "${1:0:1}" = '-' ]; then set -- postgres "$@"; fi
if [ "$1" = postgres ] && ! asks_for_help "$@"; then
  prepare_directories
  if [ "$(id -u)" -eq 0 ]; then exec gosu postgres "${BASH_SOURCE[0]}" "$@"; fi
  if [ -s "$PGDATA/PG_VERSION" ]; then
    printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  else
    shopt -s nullglob
    initialise "${@:2}"
  fi
fi
exec "$@"
