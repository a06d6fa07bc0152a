"""Reads Alembic migration scripts as text and tells, as JSON on stdout, what they do to tables on PostgreSQL.

Usage: read_migrations.py WHEEL CHAINS

WHEEL is a zip of Python modules, CHAINS a JSON list of `{"name", "folder"}`. The scripts are never imported or run:
`upgrade()` is followed through Python's own syntax tree, with the dialect taken as PostgreSQL. Where a table or
column name, or whether a statement runs, cannot be known from the text, the revision is marked `partly`.

Output: `{"python": {"requires", "classifiers"}, "chains": {NAME: [revision, ...]}}`, revisions from base to head:
`{"id", "parents", "title", "changes", "partly"}`. A change is a list: ["create-table", table, [column, ...]],
["drop-table", table], ["rename-table", table, new], ["add-column", table, column], ["drop-column", table, column],
["rename-column", table, column, new], ["alter-column", table, column, {"type"?, "nullable"?}].
"""

import ast
import json
import re
import sys

from follow_upgrade import Follower
from wheel_modules import Wheel


def read_revision(module):
    def constant(name):
        found = module.definitions.get(name)
        return None if found is None else ast.literal_eval(found)

    down = constant("down_revision")
    follower = Follower(module)
    follower.follow()
    title = module.docstring.strip().split("\n")[0].strip().rstrip(".")
    return {
        "id": constant("revision"),
        "parents": [] if down is None else [down] if isinstance(down, str) else list(down),
        "title": title,
        "changes": follower.found.changes,
        "partly": follower.found.partly,
    }


def read_chain(wheel, folder):
    paths = sorted(name for name in wheel.names if re.fullmatch(rf"{folder}/[^/]+\.py", name))
    modules = [wheel.module(path[:-3].replace("/", ".")) for path in paths if not path.endswith("/__init__.py")]
    revisions = [read_revision(module) for module in modules if "revision" in module.definitions]
    return base_first(revisions)


def base_first(revisions):
    """Parents before children; independent ones by id, so that the order is the same for every reader."""
    waiting = {revision["id"]: revision for revision in revisions}
    if len(waiting) != len(revisions):
        raise SystemExit("two migration scripts have one revision id")
    ordered = []
    while waiting:
        ready = min((r["id"] for r in waiting.values() if not any(p in waiting for p in r["parents"])), default=None)
        if ready is None:
            raise SystemExit("the revisions form a circle")
        ordered.append(waiting.pop(ready))
    return ordered


def main(path, chains):
    wheel = Wheel(path)
    read = {chain["name"]: read_chain(wheel, chain["folder"]) for chain in json.loads(chains)}
    json.dump({"python": wheel.python(), "chains": read}, sys.stdout)


main(*sys.argv[1:])
