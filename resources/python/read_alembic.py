"""Reads the Alembic histories that installed packages bring, without importing them.

    read_alembic.py [SITE_PACKAGES]

Without SITE_PACKAGES it looks where this Python does. Prints a JSON array of `{"package", "versionTable", "heads", "revisions"}`, revisions from the oldest to the newest.
Standard library only, Python 3.8 or newer. Revision files are parsed, never executed.
"""

import ast
import json
import os
import sys

# package, directory of its migrations, files that may name its version table (in the order they are asked)
HISTORIES = (
    ("airflow", "airflow/migrations", ("env.py",)),
    ("airflow.providers.fab", "airflow/providers/fab/migrations", ("env.py", "../auth_manager/models/db.py")),
    ("airflow.providers.edge3", "airflow/providers/edge3/migrations", ("env.py", "../models/db.py")),
    ("mlflow", "mlflow/store/db_migrations", ("env.py",)),
    ("mlflow.server.auth", "mlflow/server/auth/db/migrations", ("env.py",)),
)
DEFAULT_TABLE = "alembic_version"


def parse(path):
    with open(path, "rb") as source:
        return ast.parse(source.read(), filename=path)


def literal(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def assignments(body):
    """Names assigned to literals in one block, with and without annotation."""
    found = {}
    for node in body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = literal(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            found[node.target.id] = literal(node.value)
    return found


def version_table(directory, files):
    for name in files:
        path = os.path.normpath(os.path.join(directory, name))
        if not os.path.isfile(path):
            continue
        for node in ast.walk(parse(path)):
            if isinstance(node, (ast.Module, ast.ClassDef)):
                names = assignments(node.body)
                value = names.get("version_table_name") or names.get("version_table")
            elif isinstance(node, ast.keyword) and node.arg == "version_table":
                value = literal(node.value)
            else:
                continue
            if isinstance(value, str):
                return value
    return DEFAULT_TABLE


def parents_of(value):
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def read_revisions(directory):
    """Revision id -> ids it follows."""
    revisions = {}
    for parent, directories, names in os.walk(directory):
        directories.sort()
        for name in sorted(names):
            if not name.endswith(".py") or name == "__init__.py":
                continue
            found = assignments(parse(os.path.join(parent, name)).body)
            if isinstance(found.get("revision"), str):
                revisions[found["revision"]] = parents_of(found.get("down_revision"))
    return revisions


def ordered(revisions):
    """Parents before children; ids of one generation in alphabetical order."""
    done, result = set(), []
    waiting = sorted(revisions)
    while waiting:
        ready = [name for name in waiting if all(p in done or p not in revisions for p in revisions[name])]
        if not ready:
            raise SystemExit("the revisions form a circle: %s" % ", ".join(waiting))
        result.extend(ready)
        done.update(ready)
        waiting = [name for name in waiting if name not in done]
    return result


def main(folders):
    chains = []
    for package, location, files in HISTORIES:
        places = (os.path.join(folder, *location.split("/")) for folder in folders)
        directory = next(filter(os.path.isdir, places), None)
        if directory is None:
            continue
        revisions = read_revisions(os.path.join(directory, "versions"))
        if not revisions:
            continue
        followed = {parent for parents in revisions.values() for parent in parents}
        chains.append(
            {
                "package": package,
                "versionTable": version_table(directory, files),
                "heads": sorted(name for name in revisions if name not in followed),
                "revisions": ordered(revisions),
            }
        )
    print(json.dumps(chains))


if __name__ == "__main__":
    main(sys.argv[1:] or sys.path)
