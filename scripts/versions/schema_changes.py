"""What a migration does to tables, collected from its operations and SQL statements."""

import ast
import re


class Unknown:
    """A value that the text does not tell."""


UNKNOWN = Unknown()
CONSTRAINT = object()


class Column:
    def __init__(self, name):
        self.name = name


class SchemaChanges:
    """`changes` in order; `partly` when one may be missing or may not happen. `doubt` is above 0 while statements are
    read that run under a condition the text does not decide."""

    def __init__(self):
        self.changes = []
        self.partly = False
        self.doubt = 0

    def operation(self, name, table, positional, named, node):
        """One `op.NAME(...)` on a table; `node` is the call itself, for types as they are written."""
        def argument(at, *keywords):
            if at < len(positional):
                return positional[at]
            return next((named[keyword] for keyword in keywords if keyword in named), UNKNOWN)

        if name == "create_table":
            columns = [item.name for item in positional if isinstance(item, Column)]
            if UNKNOWN in columns or UNKNOWN in positional:
                self.partly = True
            self.add(["create-table", table, [column for column in columns if column is not UNKNOWN]])
        elif name == "drop_table":
            self.add(["drop-table", table])
        elif name == "rename_table":
            self.add(["rename-table", table, argument(0, "new_table_name")])
        elif name == "add_column":
            column = argument(0, "column")
            self.add(["add-column", table, column.name if isinstance(column, Column) else UNKNOWN])
        elif name == "drop_column":
            self.add(["drop-column", table, argument(0, "column_name")])
        elif name == "alter_column":
            self.alter(table, argument(0, "column_name"), named, node)
        else:
            self.partly = True

    def alter(self, table, column, named, node):
        new = {}
        for part in node.keywords:
            if part.arg == "type_":
                text = type_text(part.value)
                if text is None:
                    self.partly = True
                else:
                    new["type"] = text
            elif part.arg == "nullable" and isinstance(named["nullable"], bool):
                new["nullable"] = named["nullable"]
        if new:
            self.add(["alter-column", table, column, new])
        # Last, so that the change of type above is told under the name the column had.
        if named.get("new_column_name", column) != column:
            self.add(["rename-column", table, column, named["new_column_name"]])

    def add(self, change):
        if any(part is UNKNOWN for part in change):
            self.partly = True
            return
        self.partly = self.partly or self.doubt > 0
        # Both ways of a test that cannot be decided often say the same.
        if self.doubt == 0 or change not in self.changes:
            self.changes.append(change)

    def sql(self, text):
        """One SQL statement, in words parted by single spaces."""
        found = re.match(r"(CREATE|DROP|ALTER) TABLE (?:IF (?:NOT )?EXISTS )?(\w+)\s*(.*)", text, re.IGNORECASE)
        if found is None:
            return
        verb, table, rest = found[1].upper(), found[2], found[3]
        if verb == "CREATE":
            self.partly = True
        elif verb == "DROP":
            self.add(["drop-table", table])
        elif renamed := re.fullmatch(r"RENAME TO (\w+)", rest, re.IGNORECASE):
            self.add(["rename-table", table, renamed[1]])
        elif renamed := re.fullmatch(r"RENAME COLUMN (\w+) TO (\w+)", rest, re.IGNORECASE):
            self.add(["rename-column", table, renamed[1], renamed[2]])
        elif added := re.match(r"ADD COLUMN (?:IF NOT EXISTS )?(\w+)[^,]*$", rest, re.IGNORECASE):
            self.add(["add-column", table, added[1]])
        elif dropped := re.fullmatch(r"DROP COLUMN (?:IF EXISTS )?(\w+)(?: CASCADE)?", rest, re.IGNORECASE):
            self.add(["drop-column", table, dropped[1]])
        elif altered := re.match(r"ALTER COLUMN (\w+) (?:SET DATA )?TYPE (\w+(?:\(\d+\))?)", rest, re.IGNORECASE):
            self.add(["alter-column", table, altered[1], {"type": altered[2].upper()}])
        elif not re.search(r"\bCONSTRAINT|PRIMARY KEY|TRIGGER|SET DEFAULT|DROP DEFAULT\b", rest, re.IGNORECASE):
            self.partly = True


def type_text(node):
    """The type as the script writes it, without its module: `String(length=250)`; only its name when it is long.
    Nothing when the script takes it from a variable."""
    text = re.sub(r"\b(?:sa|sqlalchemy|types|mysql|postgresql)\.", "", ast.unparse(node))
    if not text[0].isupper():
        return None
    return text if len(text) <= 30 else text.split("(")[0]
