#!/bin/sh
# The baseline of the bench: init's project started by hand, everything as early as it can be, as a careful person would
# script it. No supervisor, no templates; the same programs, compiled environments, settings and name map.
#   by-hand.sh new|again DIRECTORY
# new: databases are made, migrations and the administrator run. again: the data is there; the programs start.
# DIRECTORY (made by by-hand.mjs): settings (POSTGRES, CLIENTS, PYTHON_AIRFLOW, PYTHON_MLFLOW, SWITCH and the ports),
# env/SERVICE (exports), and place for data, home, logs and pids. Each program's pid is pids/SERVICE, a one-shot's exit
# status exits/SERVICE. The script ends when everything was started and every one-shot has ended.
set -eu
mode=$1
directory=$2
. "$directory/settings"

# In a session of its own, as the account of the databases when we are root.
start() {
  name=$1
  shift
  (
    cd "$directory/home/$name"
    . "$directory/env/$name"
    exec $SWITCH setsid "$@"
  ) >"$directory/logs/$name.log" 2>&1 3>&- &
  echo $! >"$directory/pids/$name"
}

once() {
  start "$@"
  status=0
  wait "$!" || status=$?
  echo "$status" >"$directory/exits/$1"
  return "$status"
}

# database SERVICE ROLE PORT: a server with one role and its database.
database() {
  data=$directory/data/$1
  if [ "$mode" = new ]; then
    once "$1" "$POSTGRES/initdb" -D "$data" -U "$2" --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 \
      --locale=C.UTF-8 --auth-local=scram-sha-256 --auth-host=scram-sha-256 --pwfile="$directory/home/$1/password"
    echo "CREATE DATABASE \"$2\"" | (
      cd "$directory/home/$1"
      . "$directory/env/$1"
      exec $SWITCH "$POSTGRES/postgres" --single -D "$data" postgres
    ) >>"$directory/logs/$1.log" 2>&1
  fi
  start "$1" "$POSTGRES/postgres" -D "$data" -h 127.0.0.1 -p "$3" -k "$directory/home/$1"
  until "$CLIENTS/pg_isready" -q -h 127.0.0.1 -p "$3" -U "$2" -d "$2"; do sleep 0.1; done
}

airflow() {
  database airflow-db airflow "$AIRFLOW_DB_PORT"
  if [ "$mode" = new ]; then
    once airflow-migrate "$PYTHON_AIRFLOW/airflow" db migrate
  fi
  start airflow-scheduler "$PYTHON_AIRFLOW/airflow" scheduler
  start airflow-dag-processor "$PYTHON_AIRFLOW/airflow" dag-processor
  start airflow-triggerer "$PYTHON_AIRFLOW/airflow" triggerer
  # Not beside the API server: both write roles and permissions into the new database, and one of them can fail.
  if [ "$mode" = new ]; then
    once airflow-admin bash -c 'printf "%s\n" "$ADMIN_PASSWORD" "$ADMIN_PASSWORD" | airflow users create --role Admin \
      --username "$ADMIN_USER" --firstname Admin --lastname User --email admin@example.com'
  fi
  start airflow-api-server "$PYTHON_AIRFLOW/airflow" api-server
}

mlflow() {
  database mlflow-db mlflow "$MLFLOW_DB_PORT"
  if [ "$mode" = new ]; then
    once mlflow-migrate "$PYTHON_MLFLOW/mlflow" db upgrade "postgresql+psycopg2://mlflow@127.0.0.1:$MLFLOW_DB_PORT/mlflow"
  fi
  start mlflow "$PYTHON_MLFLOW/mlflow" server --host=127.0.0.1 --port="$MLFLOW_PORT" --workers=1 \
    --artifacts-destination="$directory/data/mlflow-artifacts" --allowed-hosts 'mlflow:*,localhost:*,127.0.0.1:*'
}

airflow &
first=$!
mlflow &
second=$!
wait "$first"
wait "$second"
