"""What expressions of a migration script are worth, as far as its text tells."""

import ast

from schema_changes import UNKNOWN


class Operations:
    """`op`, or a `batch_op` with its table."""

    def __init__(self, table=None):
        self.table = table


class Values:
    """The values of one script's expressions; `scope` holds those of names in the function that is followed."""

    def __init__(self, module):
        self.module = module

    def bind(self, target, value, scope):
        if isinstance(target, ast.Name):
            scope[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            values = value if isinstance(value, list) else [UNKNOWN] * len(target.elts)
            for part, item in zip(target.elts, values):
                self.bind(part, item, scope)

    def value(self, node, scope):
        method = getattr(self, f"value_{type(node).__name__}", None)
        return UNKNOWN if method is None else method(node, scope)

    def value_Constant(self, node, scope):
        return node.value

    def value_Name(self, node, scope):
        if node.id in scope:
            return scope[node.id]
        if node.id == "op":
            return Operations()
        module, found = self.module.lookup(node.id)
        if found is None or isinstance(found, (ast.FunctionDef, ast.ClassDef)):
            return found if found is not None else UNKNOWN
        return type(self)(module).value(found, {})

    def value_Attribute(self, node, scope):
        if node.attr == "name" and isinstance(node.value, ast.Attribute) and node.value.attr in ("dialect", "engine"):
            return "postgresql"
        owner = self.value(node.value, scope)
        if isinstance(owner, ast.ClassDef) and node.attr == "__tablename__":
            return table_name(owner)
        return UNKNOWN

    def value_JoinedStr(self, node, scope):
        parts = []
        for part in node.values:
            value = self.value(part.value if isinstance(part, ast.FormattedValue) else part, scope)
            if not isinstance(value, (str, int)):
                return UNKNOWN
            parts.append(str(value))
        return "".join(parts)

    def value_List(self, node, scope):
        return self.sequence(node.elts, scope)

    value_Tuple = value_Set = value_List

    def sequence(self, nodes, scope):
        values = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                inner = self.value(node.value, scope)
                values.extend(inner if isinstance(inner, (list, dict)) else [UNKNOWN])
            else:
                values.append(self.value(node, scope))
        return values

    def value_Dict(self, node, scope):
        if any(key is None for key in node.keys):
            return UNKNOWN
        keys = [self.value(key, scope) for key in node.keys]
        if not all(isinstance(key, (str, int)) for key in keys):
            return UNKNOWN
        return dict(zip(keys, (self.value(value, scope) for value in node.values)))

    def value_ListComp(self, node, scope):
        if len(node.generators) != 1:
            return UNKNOWN
        generator = node.generators[0]
        items = self.value(generator.iter, scope)
        if not isinstance(items, (list, dict)):
            return UNKNOWN
        values = []
        for item in items:
            inner = dict(scope)
            self.bind(generator.target, item, inner)
            tests = [self.value(test, inner) for test in generator.ifs]
            if UNKNOWN in tests:
                return UNKNOWN
            if all(tests):
                values.append(self.value(node.elt, inner))
        return values

    value_GeneratorExp = value_ListComp

    def value_IfExp(self, node, scope):
        test = self.value(node.test, scope)
        return UNKNOWN if test is UNKNOWN else self.value(node.body if test else node.orelse, scope)

    def value_UnaryOp(self, node, scope):
        value = self.value(node.operand, scope)
        return not value if isinstance(node.op, ast.Not) and value is not UNKNOWN else UNKNOWN

    def value_BoolOp(self, node, scope):
        values = [self.value(part, scope) for part in node.values]
        stops = isinstance(node.op, ast.Or)
        if any(value is not UNKNOWN and bool(value) is stops for value in values):
            return stops
        return UNKNOWN if UNKNOWN in values else not stops

    def value_BinOp(self, node, scope):
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if isinstance(node.op, ast.Add) and type(left) is type(right) and isinstance(left, (str, list)):
            return left + right
        return UNKNOWN

    def value_Compare(self, node, scope):
        if len(node.ops) != 1:
            return UNKNOWN
        left, right = self.value(node.left, scope), self.value(node.comparators[0], scope)
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        operator = node.ops[0]
        if isinstance(operator, ast.Eq):
            return left == right
        if isinstance(operator, ast.NotEq):
            return left != right
        if isinstance(operator, (ast.In, ast.NotIn)) and isinstance(right, (list, dict, str)):
            if isinstance(right, list) and UNKNOWN in right:
                return UNKNOWN
            return (left in right) is isinstance(operator, ast.In)
        if isinstance(operator, (ast.Is, ast.IsNot)):
            return (left is right) is isinstance(operator, ast.Is)
        return UNKNOWN


def table_name(class_node):
    for node in class_node.body:
        if isinstance(node, ast.Assign) and any(getattr(target, "id", None) == "__tablename__" for target in node.targets):
            return node.value.value if isinstance(node.value, ast.Constant) else UNKNOWN
    return UNKNOWN
