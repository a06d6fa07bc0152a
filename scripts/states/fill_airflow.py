"""Fills a migrated Airflow database through Airflow's own commands and models. Runs in Airflow's environment."""

import json
import os
import sys
from importlib import import_module

from airflow import version
from airflow.cli.cli_parser import get_parser

MAJOR = int(version.version.split(".")[0])
USES_FAB = MAJOR == 2 or "Fab" in os.environ.get("AIRFLOW__CORE__AUTH_MANAGER", "")


def run(*arguments):
    """One `airflow` command, in this process."""
    args = get_parser().parse_args(arguments)
    try:
        args.func(args)
    except SystemExit as end:
        # `dags test` of the DAG that fails.
        print("exit", arguments, end.code, file=sys.stderr)
    except Exception as error:
        print("error", arguments, repr(error), file=sys.stderr)
        if arguments[:2] != ("dags", "test"):
            raise


def settings():
    run("connections", "add", "orders_db", "--conn-uri", "postgresql://ada:p%40ss%20wörd@db.internal:5433/orders?sslmode=require")
    extra = json.dumps({"key": "ключ", "long": "y" * 4000})
    run("connections", "add", "bucket", "--conn-type", "generic", "--conn-password", "s3cr3t", "--conn-extra", extra)
    run("connections", "add", "empty", "--conn-type", "fs")
    run("variables", "set", "greeting", "grüezi 😀")
    run("variables", "set", "long", "v" * 5000)
    run("variables", "set", "settings", json.dumps({"a": [1, None]}), "--json")
    run("pools", "set", "narrow", "2", "two at a time, “quoted”")


def people():
    if not USES_FAB:
        return
    names = ["--username", "ada", "--firstname", "Ada", "--lastname", "Lovelace-Žižková", "--email", "ada@example.org"]
    run("users", "create", *names, "--role", "Admin", "--password", "lovelace")


def runs():
    run("dags", "reserialize")
    run("dags", "unpause", "load_orders")
    run("dags", "test", "load_orders", "2024-05-01")
    run("dags", "test", "load_orders", "2024-05-02")
    run("dags", "test", "report_orders", "2024-05-03")
    run("dags", "trigger", "load_orders", "--run-id", "by-hand:1", "--conf", json.dumps({"limit": 5, "n": None}))


def notes():
    """Notes of a run and of a task, and a trigger that waits, by the models' own properties."""
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.trigger import Trigger
    from airflow.utils.session import create_session

    with create_session() as session:
        session.query(DagRun).first().note = "checked by hand ✓"
        session.query(TaskInstance).filter(TaskInstance.state == "success").first().note = "fine"
        session.add(Trigger(classpath="airflow.triggers.testing.SuccessTrigger", kwargs={"moment": "2024-05-01"}))


settings()
people()
runs()
notes()
