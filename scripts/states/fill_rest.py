"""Puts one row into each table that the application's own work left empty, from the table's definition.

Reads a SQLAlchemy URL from DATABASE_URL and prints the names of the tables filled as JSON. What a table refuses stays empty.
"""

import datetime
import json
import os
import sys
import uuid

import sqlalchemy as sa

MOMENT = datetime.datetime(2024, 5, 1, 12, 30, tzinfo=datetime.timezone.utc)
SKIPPED = ("alembic_version",)
# What the applications refuse to start or to migrate without.
SHAPED = {
    "workspace": "default",
    "interval": {"__classname__": "datetime.timedelta", "__version__": 2, "__data__": 90.0},
}


def value_of(connection, table, column, parents):
    if column.name in parents:
        return parents[column.name]
    kind = column.type
    if column.name in SHAPED and not isinstance(kind, (sa.Interval, sa.Numeric)):
        return SHAPED[column.name]
    name = type(kind).__name__.upper()
    if name == "UUID":
        return str(uuid.UUID(int=len(table.name)))
    if name in ("JSON", "JSONB"):
        return {"of": table.name}
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.Integer):
        return 1
    if isinstance(kind, (sa.Numeric, sa.Float)):
        return 1.5
    if isinstance(kind, sa.DateTime):
        return MOMENT if kind.timezone else MOMENT.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return MOMENT.date()
    if isinstance(kind, sa.Interval):
        return datetime.timedelta(seconds=90)
    if isinstance(kind, sa.LargeBinary):
        return b"\x00\xff bytes"
    if isinstance(kind, sa.String):
        text = f"{column.name} of {table.name} é"
        return text[: kind.length] if kind.length else text
    return None


def parent_values(connection, table):
    """Values of the foreign keys, from any row of each parent; None when a parent has none."""
    values = {}
    for key in table.foreign_key_constraints:
        columns = [element.column for element in key.elements]
        if key.referred_table is table:
            continue
        row = connection.execute(sa.select(*columns).limit(1)).first()
        if row is not None:
            values.update({own: found for own, found in zip(key.column_keys, row)})
        elif not all(table.c[own].nullable for own in key.column_keys):
            return None
        else:
            values.update({own: None for own in key.column_keys})
    for key in table.foreign_key_constraints:
        if key.referred_table is table:
            values.update({own: None for own in key.column_keys if own not in values and table.c[own].nullable})
    return values


def fill(connection, table):
    if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
        return False
    parents = parent_values(connection, table)
    if parents is None:
        return False
    generated = [c.name for c in table.columns if c.computed is not None or c.identity is not None]
    row = {c.name: value_of(connection, table, c, parents) for c in table.columns if c.name not in generated}
    # What the sequence gives.
    for column in table.columns:
        if column.server_default is not None and "nextval" in str(getattr(column.server_default, "arg", "")):
            row.pop(column.name, None)
    try:
        with connection.begin_nested():
            connection.execute(table.insert().values(row))
        return True
    except sa.exc.DBAPIError as error:
        print(f"{table.name} stays empty: {str(error.orig).splitlines()[0]}", file=sys.stderr)
        return False


engine = sa.create_engine(os.environ["DATABASE_URL"])
metadata = sa.MetaData()
metadata.reflect(engine)
filled = []
with engine.begin() as connection:
    for table in metadata.sorted_tables:
        if not table.name.startswith(SKIPPED) and fill(connection, table):
            filled.append(table.name)
print(json.dumps(filled))
