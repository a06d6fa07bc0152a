"""Takes an empty database through an Alembic history, one revision after the other, and tells what it then looks like.

    record_history.py HISTORY URL [--after REVISION] >> HISTORY.jsonl
    record_history.py --as REVISION URL >> fresh-HISTORY.jsonl

HISTORY is airflow, mlflow or mlflow-auth; run by the Python of an environment that has the package and psycopg2, for
Airflow with AIRFLOW__DATABASE__SQL_ALCHEMY_CONN set to the same URL (`postgresql+psycopg2://...`). `--after` goes on from
a revision that the database is at: Airflow 3 knows nothing before 2.6.2, so 2.11 records what comes before, and 3 the rest.
`--as` only tells what a database looks like that a release created at once, which stands for REVISION, its head.

Each line is `{"revision", "columns", "indexes", "constraints"}` of schema public; the first of a whole history has the
revision null: what the package makes before it begins.
"""

import argparse
import contextlib
import json
import os
import sys

import psycopg2

COLUMNS = """
    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    order by c.relname, a.attnum"""

INDEXES = """
    select t.relname, i.relname
    from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
    where t.relnamespace = 'public'::regnamespace order by 1, 2"""

CONSTRAINTS = """
    select t.relname, k.conname, k.contype::text, k.confdeltype::text
    from pg_constraint k join pg_class t on t.oid = k.conrelid
    where t.relnamespace = 'public'::regnamespace and k.contype <> 'n' order by 1, 2"""


def tell(cursor, revision):
    found = {"revision": revision}
    for name, query in (("columns", COLUMNS), ("indexes", INDEXES), ("constraints", CONSTRAINTS)):
        cursor.execute(query)
        found[name] = cursor.fetchall()
    print(json.dumps(found), flush=True)


def airflow_config(_url):
    from airflow.utils.db import _get_alembic_config

    return _get_alembic_config()


def mlflow_config(url):
    from mlflow.store.db.utils import _get_alembic_config

    return _get_alembic_config(url)


def mlflow_auth_config(url):
    from mlflow.server.auth.db.utils import _get_alembic_config

    return _get_alembic_config(url)


CONFIGS = {"airflow": airflow_config, "mlflow": mlflow_config, "mlflow-auth": mlflow_auth_config}


def make_initial_tables(url):
    """MLflow's store makes five tables before its history begins."""
    from mlflow.store.db.utils import create_sqlalchemy_engine
    from mlflow.store.tracking.dbmodels.initial_models import Base

    Base.metadata.create_all(create_sqlalchemy_engine(url))


def in_a_child(work):
    """Early Airflow migrations leave sessions open that later ones wait for: each has a process of its own."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
        raise SystemExit("the migration failed")


def follow(history, url, cursor, after):
    with contextlib.redirect_stdout(sys.stderr):
        from alembic import command
        from alembic.script import ScriptDirectory

        config = CONFIGS[history](url)
        revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]
        if history == "mlflow" and after is None:
            make_initial_tables(url)
    if after is None:
        tell(cursor, None)
    for revision in revisions[0 if after is None else revisions.index(after) + 1 :]:
        with contextlib.redirect_stdout(sys.stderr):
            in_a_child(lambda: command.upgrade(config, revision))
        tell(cursor, revision)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("history", nargs="?", choices=sorted(CONFIGS))
    parser.add_argument("url")
    parser.add_argument("--after")
    parser.add_argument("--as", dest="stands_for")
    wanted = parser.parse_args()
    connection = psycopg2.connect(wanted.url.replace("postgresql+psycopg2", "postgresql", 1))
    connection.autocommit = True
    cursor = connection.cursor()
    if wanted.stands_for is not None:
        tell(cursor, wanted.stands_for)
    else:
        follow(wanted.history, wanted.url, cursor, wanted.after)


main()
