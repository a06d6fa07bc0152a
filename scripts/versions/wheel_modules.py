"""The Python modules of a wheel as syntax trees; nothing is imported or run."""

import ast
import email.parser
import re
import zipfile

class Module:
    """One module of the wheel: its functions, classes, imports and constants by name."""

    def __init__(self, wheel, path):
        self.wheel = wheel
        self.path = path
        self.tree = ast.parse(wheel.source(path))
        self.docstring = ast.get_docstring(self.tree) or ""
        self.definitions = {}
        self.imports = {}
        for node in self.tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                self.definitions[node.name] = node
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self.definitions[target.id] = node.value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                self.definitions[node.target.id] = node.value
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                for alias in node.names:
                    self.imports[alias.asname or alias.name] = (node.module, alias.name)

    def lookup(self, name):
        """The definition of a name and its module, followed through imports inside the wheel."""
        if name in self.definitions:
            return self, self.definitions[name]
        if name in self.imports:
            module, original = self.imports[name]
            other = self.wheel.module(module)
            if other is not None and other is not self:
                return other.lookup(original)
        return self, None


class Wheel:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        self.names = set(self.zip.namelist())
        self.modules = {}

    def source(self, path):
        return self.zip.read(path).decode()

    def module(self, dotted):
        base = dotted.replace(".", "/")
        for path in (f"{base}.py", f"{base}/__init__.py"):
            if path in self.names:
                if path not in self.modules:
                    self.modules[path] = Module(self, path)
                return self.modules[path]
        return None

    def python(self):
        """Requires-Python, and the minors of the trove classifiers that it does not exclude (they may lag behind)."""
        metadata = next(name for name in self.names if name.endswith(".dist-info/METADATA"))
        fields = email.parser.Parser().parsestr(self.source(metadata))
        requires = fields.get("Requires-Python")
        named = (re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", c) for c in fields.get_all("Classifier", []))
        return {"requires": requires, "classifiers": [n[1] for n in named if n and allows(requires, n[1])]}


def allows(requires, minor):
    """Whether some patch release of a Python minor satisfies Requires-Python."""
    wanted = tuple(map(int, minor.split(".")))
    for clause in (requires or "").replace(" ", "").split(","):
        found = re.fullmatch(r"(>=|~=|<|!=)(\d+(?:\.\d+)*)", clause)
        if clause and found is None:
            raise SystemExit(f"Requires-Python {requires} is not understood")
        if found is None or found[1] == "!=":  # `!=3.13` without `.*` excludes one patch release
            continue
        bound = tuple(map(int, found[2].split(".")))[:2]
        if wanted >= bound if found[1] == "<" else wanted < bound:
            return False
    return True
