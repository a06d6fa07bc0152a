"""Follows a migration script's `upgrade()` through its syntax tree, with the dialect taken as PostgreSQL."""

import ast
import re

from migration_values import Operations, Values
from schema_changes import CONSTRAINT, UNKNOWN, Column, SchemaChanges

CANNOT_CHANGE_TABLES = {
    "batch_alter_table", "bulk_insert", "create_check_constraint", "create_exclude_constraint", "create_foreign_key",
    "create_index", "create_primary_key", "create_unique_constraint", "drop_constraint", "drop_index", "f", "get_bind",
    "get_context",
}  # fmt: skip


class Follower(Values):
    """Follows one script's `upgrade()` and collects the changes."""

    MAX_DEPTH = 6

    def __init__(self, module):
        super().__init__(module)
        self.found = SchemaChanges()
        self.depth = 0

    def follow(self):
        upgrade = self.module.definitions.get("upgrade")
        if isinstance(upgrade, ast.FunctionDef):
            self.run(upgrade.body, {})

    # Statements. `run` gives True when the rest of the function is not reached.

    def run(self, body, scope):
        return any(self.statement(node, scope) for node in body)

    def statement(self, node, scope):
        if isinstance(node, ast.Return):
            scope["return"] = self.value(node.value, scope) if node.value else None
            return True
        if isinstance(node, ast.Raise):
            return True
        if isinstance(node, ast.Expr):
            self.value(node.value, scope)
        elif isinstance(node, ast.Assign):
            value = self.value(node.value, scope)
            for target in node.targets:
                self.bind(target, value, scope)
        elif isinstance(node, ast.AnnAssign) and node.value:
            self.bind(node.target, self.value(node.value, scope), scope)
        elif isinstance(node, ast.FunctionDef):
            scope[node.name] = node
        elif isinstance(node, ast.With):
            for item in node.items:
                value = self.value(item.context_expr, scope)
                if item.optional_vars is not None:
                    self.bind(item.optional_vars, value, scope)
            return self.run(node.body, scope)
        elif isinstance(node, ast.If):
            return self.branch(node, scope)
        elif isinstance(node, ast.For):
            self.loop(node, scope)
        elif isinstance(node, ast.While):
            self.doubtful(node.body, scope)
        elif isinstance(node, ast.Try):
            return self.run(node.body, scope) or self.run(node.finalbody, scope)
        return False

    def branch(self, node, scope):
        test = self.value(node.test, scope)
        if test is not UNKNOWN:
            return self.run(node.body if test else node.orelse, scope)
        self.doubtful(node.body, scope)
        self.doubtful(node.orelse, scope)
        return False

    def doubtful(self, body, scope):
        self.found.doubt += 1
        self.run(body, scope)
        self.found.doubt -= 1

    def loop(self, node, scope):
        items = self.value(node.iter, scope)
        if not isinstance(items, (list, dict)):
            self.bind(node.target, UNKNOWN, scope)
            self.doubtful(node.body, scope)
            return
        for item in items:
            self.bind(node.target, item, scope)
            if self.run(node.body, scope):
                return

    # Calls.

    def value_Call(self, node, scope):
        callee = node.func
        name = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", None)
        if isinstance(callee, ast.Attribute):
            owner = self.value(callee.value, scope)
            if isinstance(owner, Operations):
                return self.operation(owner, name, node, scope)
            if name == "is_offline_mode":
                return False
            if isinstance(owner, dict) and name in ("items", "values", "keys"):
                return [list(item) if name == "items" else item for item in getattr(owner, name)()]
            if name in ("create_all", "drop_all") or (name in ("create", "drop") and "__table__" in ast.unparse(callee)):
                self.found.partly = True
        if name == "Column":
            arguments = [self.value(part, scope) for part in node.args[:1]]
            keywords = {part.arg: self.value(part.value, scope) for part in node.keywords if part.arg == "name"}
            return Column(arguments[0] if arguments else keywords.get("name", UNKNOWN))
        if name is not None and re.search(r"Constraint$|^Index$", name):
            return CONSTRAINT
        if isinstance(callee, ast.Name):
            function = self.value(callee, scope)
            if isinstance(function, ast.FunctionDef):
                return self.call(function, node, scope)
        self.arguments(node, scope)
        return UNKNOWN

    def arguments(self, node, scope):
        positional = self.sequence(node.args, scope)
        return positional, {part.arg: self.value(part.value, scope) for part in node.keywords}

    def call(self, function, node, scope):
        positional, named = self.arguments(node, scope)
        if self.depth >= self.MAX_DEPTH:
            return UNKNOWN
        parameters = [*function.args.posonlyargs, *function.args.args]
        inner = {name: value for name, value in scope.items() if isinstance(value, ast.FunctionDef)}
        inner.update({parameter.arg: UNKNOWN for parameter in [*parameters, *function.args.kwonlyargs]})
        defaults = function.args.defaults
        inner.update({p.arg: self.value(d, {}) for p, d in zip(parameters[len(parameters) - len(defaults) :], defaults)})
        for parameter, default in zip(function.args.kwonlyargs, function.args.kw_defaults):
            if default is not None:
                inner[parameter.arg] = self.value(default, {})
        inner.update({parameter.arg: value for parameter, value in zip(parameters, positional)})
        inner.update({name: value for name, value in named.items() if name is not None})
        self.depth += 1
        self.run(function.body, inner)
        self.depth -= 1
        return inner.get("return", UNKNOWN)

    def operation(self, owner, name, node, scope):
        positional, named = self.arguments(node, scope)
        if name == "f":
            return positional[0]
        if name == "batch_alter_table":
            return Operations(positional[0] if positional else named.get("table_name", UNKNOWN))
        if name == "execute":
            self.statement_text(node, positional, scope)
            return UNKNOWN
        if name in CANNOT_CHANGE_TABLES:
            return UNKNOWN
        takes_table = name in ("create_table", "drop_table", "rename_table")
        table = owner.table
        if takes_table or table is None:
            table = positional.pop(0) if positional else named.get("old_table_name", named.get("table_name", UNKNOWN))
        self.found.operation(name, table, positional, named, node)
        return UNKNOWN

    def statement_text(self, node, positional, scope):
        text = positional[0] if positional else UNKNOWN
        argument = node.args[0] if node.args else None
        if isinstance(argument, ast.Call) and argument.args:
            text = self.value(argument.args[0], scope)
        if isinstance(text, str):
            for sql in text.split(";"):
                self.found.sql(" ".join(sql.replace('"', "").split()))
        elif argument is not None and re.search(r"\b(ALTER|CREATE|DROP|RENAME)\b", ast.unparse(argument)):
            self.found.partly = True
