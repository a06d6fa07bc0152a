import { execFile } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

const run = promisify(execFile);
const reader = fileURLToPath(new URL("../../scripts/versions/read_migrations.py", import.meta.url));
const folder = "app/migrations/versions";

interface Read {
  python: { requires: string; classifiers: string[] };
  chains: { main: { id: string; parents: string[]; title: string; changes: unknown[]; partly: boolean }[] };
}

/** Packs modules as a wheel and has the real Python read it. */
async function read(modules: Record<string, string>, metadata = "Requires-Python: >=3.8"): Promise<Read> {
  await using directory = await createTemporaryDirectory();
  const content = join(directory.path, "content");
  const files = { ...modules, "app-1.0.dist-info/METADATA": `Metadata-Version: 2.1\nName: app\n${metadata}\n` };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(content, path)), { recursive: true });
    await writeFile(join(content, path), text);
  }
  const wheel = join(directory.path, "app.whl");
  await run("python3", ["-m", "zipfile", "-c", wheel, ...(await readdir(content))], { cwd: content });
  const { stdout } = await run("python3", ["-B", reader, wheel, JSON.stringify([{ name: "main", folder }])]);
  return JSON.parse(stdout) as Read;
}

const script = (id: string, parents: string, body: string, before = "") =>
  `"""Does ${id}.\n\nRevision ID: ${id}\n"""\n\nimport sqlalchemy as sa\nfrom alembic import op\n${before}\n` +
  `revision = "${id}"\ndown_revision = ${parents}\n\n\ndef upgrade():\n${body.replaceAll(/^/gm, "    ")}\n`;

/** What one script's `upgrade()` is said to do. */
async function changesOf(body: string, before = "", others: Record<string, string> = {}) {
  const { chains } = await read({ ...others, [`${folder}/a1_script.py`]: script("a1", "None", body, before) });
  const [revision] = chains.main;
  return { changes: revision?.changes, partly: revision?.partly };
}

describe("read_migrations.py", () => {
  it("orders revisions from the base to the head, through forks and merges", async () => {
    const { chains } = await read({
      [`${folder}/__init__.py`]: "",
      [`${folder}/d4.py`]: script("d4", '("c3", "b2")', "pass"),
      [`${folder}/b2.py`]: script("b2", '"a1"', "pass"),
      [`${folder}/c3.py`]: script("c3", '"a1"', "pass"),
      [`${folder}/z_first.py`]: script("a1", "None", "pass"),
    });
    expect(chains.main.map(({ id, parents, title }) => [id, parents, title])).toEqual([
      ["a1", [], "Does a1"],
      ["b2", ["a1"], "Does b2"],
      ["c3", ["a1"], "Does c3"],
      ["d4", ["c3", "b2"], "Does d4"],
    ]);
  });

  it("reads every kind of change, plain and in batches", async () => {
    const body = `
op.create_table("t", sa.Column("id", sa.Integer()), sa.Column("b", sa.Text()), sa.PrimaryKeyConstraint("id"))
with op.batch_alter_table("t", schema=None) as batch_op:
    batch_op.add_column(sa.Column("c", sa.Text(), nullable=True))
    batch_op.drop_column("b")
    batch_op.alter_column("c", new_column_name="d", type_=sa.String(length=9), nullable=False)
    batch_op.create_index("i", ["d"])
op.rename_table("t", "u")
op.execute("ALTER TABLE u RENAME COLUMN d TO e")
op.drop_table("old")`;
    expect(await changesOf(body)).toEqual({
      changes: [
        ["create-table", "t", ["id", "b"]],
        ["add-column", "t", "c"],
        ["drop-column", "t", "b"],
        ["alter-column", "t", "c", { type: "String(length=9)", nullable: false }],
        ["rename-column", "t", "c", "d"],
        ["rename-table", "t", "u"],
        ["rename-column", "u", "d", "e"],
        ["drop-table", "old"],
      ],
      partly: false,
    });
  });

  it("takes the way of PostgreSQL", async () => {
    const body = `
dialect = op.get_bind().dialect.name
if dialect == "mysql":
    op.add_column("t", sa.Column("m", sa.Text()))
    return
elif dialect in ("postgresql", "mssql"):
    op.add_column("t", sa.Column("p", sa.Text()))
if op.get_bind().engine.name != "postgresql":
    op.drop_table("t")`;
    expect(await changesOf(body)).toEqual({ changes: [["add-column", "t", "p"]], partly: false });
  });

  it("follows constants, loops, helpers and models of the same wheel", async () => {
    const before = `
from app.models import Model
PREFIX = "my"
TABLES = ["a", "b"]

def _add(table, column="x"):
    op.add_column(f"{PREFIX}_{table}", sa.Column(column, sa.Text()))
`;
    const body = `
for table in TABLES:
    _add(table)
_add("c", column="y")
op.drop_column(Model.__tablename__, "z")`;
    const models = { "app/models.py": 'class Model:\n    __tablename__ = "models"\n' };
    expect(await changesOf(body, before, models)).toEqual({
      changes: [
        ["add-column", "my_a", "x"],
        ["add-column", "my_b", "x"],
        ["add-column", "my_c", "y"],
        ["drop-column", "models", "z"],
      ],
      partly: false,
    });
  });

  it.each([
    ["a test it cannot decide", 'if "t" in existing():\n    op.drop_table("t")', [["drop-table", "t"]]],
    ["a name it cannot know", "op.drop_table(existing()[0])", []],
    ["SQL it does not read", 'op.execute("ALTER TABLE t FROBNICATE")', []],
    ["a type from a variable", 'op.alter_column("t", "c", type_=kind)', []],
    ["tables made from models", "Base.metadata.create_all(op.get_bind())", []],
  ])("says that it is unsure at %s", async (_, body, changes) => {
    expect(await changesOf(body)).toEqual({ changes, partly: true });
  });

  it("runs nothing of what it reads", async () => {
    expect(await changesOf('op.drop_table("t")', 'raise SystemExit("this was run")')).toEqual({
      changes: [["drop-table", "t"]],
      partly: false,
    });
  });

  it.each([
    [">=3.10,!=3.13", "3.10 3.11 3.13"],
    ["<3.13,~=3.9", "3.9 3.10 3.11"],
    ["<3.13,>=3.8.1", "3.8 3.9 3.10 3.11"],
  ])("counts the classifiers that Requires-Python %s allows", async (requires, expected) => {
    const classifiers = ["3", "3.8", "3.9", "3.10", "3.11", "3.13"].map(
      (python) => `Classifier: Programming Language :: Python :: ${python}`,
    );
    const { python } = await read({}, [`Requires-Python: ${requires}`, ...classifiers].join("\n"));
    expect(python).toEqual({ requires, classifiers: expected.split(" ") });
  });
});
