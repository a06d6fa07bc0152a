#!/bin/bash
# What /entrypoint of the Airflow image does before the command: waits for the database, migrates it, creates a user.
# Arguments: the container's command. Source: apache/airflow, scripts/docker/entrypoint_prod.sh (2.3 to 3.3).
# Left out: what only a container has (uid and gid checks), packages (they come from the lock file), the broker's wait.
set -euo pipefail
umask 0002

resources="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
readonly retries="${CONNECTION_CHECK_MAX_COUNT:-20}" pause="${CONNECTION_CHECK_SLEEP_TIME:-3}"

await_database() {
  local left="$retries" output
  until output="$(airflow db check 2>&1)"; do
    printf '.'
    left=$((left - 1))
    if [ "$left" -le 0 ]; then
      printf '\nERROR! Maximum number of retries (%s) reached.\n\nLast check result:\n$ airflow db check\n%s\n\n' "$retries" "$output"
      exit 1
    fi
    sleep "$pause"
  done
  echo
}

# `db migrate` came with 2.7; before, `db upgrade` did the same.
migrate() {
  local version
  version="$(python -c 'from importlib.metadata import version; print(version("apache-airflow"))')"
  case "$version" in
    2.[0-6].*) airflow db upgrade || true ;;
    *) airflow db migrate || true ;;
  esac
}

create_user() {
  local password=""
  if [ -n "${_AIRFLOW_WWW_USER_PASSWORD_CMD:-}" ]; then
    password="$(eval "$_AIRFLOW_WWW_USER_PASSWORD_CMD")"
  else
    password="${_AIRFLOW_WWW_USER_PASSWORD:-}"
  fi
  # The command that follows does not inherit them.
  unset _AIRFLOW_WWW_USER_PASSWORD_CMD _AIRFLOW_WWW_USER_PASSWORD
  if [ -z "$password" ]; then
    printf '\nERROR! Airflow Admin password not set via _AIRFLOW_WWW_USER_PASSWORD or _AIRFLOW_WWW_USER_PASSWORD_CMD variables!\n\n'
    exit 1
  fi
  # Through a pipe: the process list shows arguments (printf is the shell's own).
  printf '%s' "$password" | python "$resources/python/create_airflow_user.py" \
    --username "${_AIRFLOW_WWW_USER_USERNAME:-admin}" \
    --firstname "${_AIRFLOW_WWW_USER_FIRSTNAME:-Airflow}" \
    --lastname "${_AIRFLOW_WWW_USER_LASTNAME:-Admin}" \
    --email "${_AIRFLOW_WWW_USER_EMAIL:-airflowadmin@example.com}" \
    --role "${_AIRFLOW_WWW_USER_ROLE:-Admin}" || true
}

if [ "$retries" -gt 0 ]; then
  await_database
fi
if [ -n "${_AIRFLOW_DB_UPGRADE:-}" ] || [ -n "${_AIRFLOW_DB_MIGRATE:-}" ]; then
  migrate
fi
if [ -n "${_AIRFLOW_WWW_USER_CREATE:-}" ]; then
  create_user
fi

case "${1:-}" in
  bash | sh | python | /bin/bash | /bin/sh) exec "$@" ;;
  airflow) exec "$@" ;;
  *) exec airflow "$@" ;;
esac
