#!/usr/bin/env bash
# What /entrypoint of the official Airflow image does before the command, written from its documentation;
# ../behaviour.ts lists what, and where it is documented.
set -euo pipefail

readonly tries=${CONNECTION_CHECK_MAX_COUNT:-20} pause=${CONNECTION_CHECK_SLEEP_TIME:-3}

require_root_group() {
  if [ "$(id -g)" -eq 0 ]; then return; fi
  if [ "$(id -u)" -eq 50000 ]; then
    echo >&2 "WARNING! You should run the image with GID (Group ID) set to 0"
    echo >&2 "         even if you use 'airflow' user (UID=50000)"
    return
  fi
  echo >&2 "ERROR! You should run the image with GID=0"
  echo >&2 " You started the image with UID=$(id -u) and GID=$(id -g)"
  exit 1
}

# A user id that the image does not know gets a name and airflow's home, so that its packages are found.
name_unknown_user() {
  if whoami >/dev/null 2>&1; then return; fi
  if [ -w /etc/passwd ]; then
    echo "${USER_NAME:-default}:x:$(id -u):0:${USER_NAME:-default} user:$AIRFLOW_USER_HOME_DIR:/sbin/nologin" >>/etc/passwd
  fi
  export HOME="$AIRFLOW_USER_HOME_DIR"
}

# Runs a command until it succeeds.
await_success() {
  local left=$tries output
  until output=$("$@" 2>&1); do
    printf '.'
    left=$((left - 1))
    if [ "$left" -le 0 ]; then
      printf '\nERROR! Maximum number of retries (%s) reached.\n\nLast check result:\n$ %s\n%s\n\n' "$tries" "$*" "$output"
      exit 1
    fi
    sleep "$pause"
  done
  echo
}

create_user() {
  local password=${_AIRFLOW_WWW_USER_PASSWORD:-}
  if [ -n "${_AIRFLOW_WWW_USER_PASSWORD_CMD:-}" ]; then password=$(eval "$_AIRFLOW_WWW_USER_PASSWORD_CMD"); fi
  unset _AIRFLOW_WWW_USER_PASSWORD _AIRFLOW_WWW_USER_PASSWORD_CMD
  if [ -z "$password" ]; then
    printf '\nERROR! Airflow Admin password not set via _AIRFLOW_WWW_USER_PASSWORD or _AIRFLOW_WWW_USER_PASSWORD_CMD variables!\n\n'
    exit 1
  fi
  # A user that exists is no failure, and nothing else is either.
  airflow users create \
    --username "${_AIRFLOW_WWW_USER_USERNAME:-admin}" \
    --firstname "${_AIRFLOW_WWW_USER_FIRSTNAME:-Airflow}" \
    --lastname "${_AIRFLOW_WWW_USER_LASTNAME:-Admin}" \
    --email "${_AIRFLOW_WWW_USER_EMAIL:-airflowadmin@example.com}" \
    --role "${_AIRFLOW_WWW_USER_ROLE:-Admin}" \
    --password "$password" || true
}

install_requirements() {
  echo >&2 "Installing additional requirements: '$_PIP_ADDITIONAL_REQUIREMENTS'"
  echo >&2 "WARNING: This is a development/test feature only. NEVER use it in production!"
  # Split as the image splits it: several requirements in one variable.
  # shellcheck disable=SC2086
  pip install "apache-airflow==$AIRFLOW_VERSION" --root-user-action ignore --no-cache-dir $_PIP_ADDITIONAL_REQUIREMENTS
}

require_root_group
# Others of the root group may write what this container writes.
umask 0002
name_unknown_user
if [ "$tries" -gt 0 ]; then await_success airflow db check; fi
# Any value counts, "false" too; a failure is passed over.
if [ -n "${_AIRFLOW_DB_UPGRADE:-}" ] || [ -n "${_AIRFLOW_DB_MIGRATE:-}" ]; then airflow db migrate || true; fi
if [ -n "${_AIRFLOW_DB_UPGRADE:-}" ]; then
  echo >&2 "WARNING: Environment variable '_AIRFLOW_DB_UPGRADE' is deprecated please use '_AIRFLOW_DB_MIGRATE' instead"
fi
if [ -n "${_AIRFLOW_WWW_USER_CREATE:-}" ]; then create_user; fi
if [ -n "${_PIP_ADDITIONAL_REQUIREMENTS:-}" ]; then install_requirements; fi

case "${1:-}" in
  bash) exec /bin/bash "${@:2}" ;;
  python) exec "$@" ;;
  airflow) exec "$@" ;;
  *) exec airflow "$@" ;;
esac
