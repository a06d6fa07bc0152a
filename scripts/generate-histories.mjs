/**
 * Writes src/catalog/PRODUCT/history.gen.ts: what each Alembic revision makes of the tables, as real databases had them.
 *
 *   node scripts/generate-histories.mjs --snapshots DIR
 *   node scripts/generate-histories.mjs --check
 *
 * DIR holds what histories/record_history.py recorded: NAME.jsonl, one line a revision, and fresh-NAME.jsonl, one line a
 * database that a release created at once. `--check` needs none: it exits with 1 when a history does not have exactly the
 * revisions of the newest releases in versions.gen.ts.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { importTypeScript } from "./load-commands.mjs";
import { encodeHistory } from "./histories/encode-history.mjs";
import { writeGenerated } from "./write-generated.mjs";

/** Airflow 3 makes the tables of its users only where the FAB provider is configured. */
const histories = [
  { name: "airflow", product: "airflow", optional: /^t (ab_\w+|session)$/, chain: "revisions" },
  { name: "mlflow", product: "mlflow", optional: /^$/, chain: "revisions" },
  { name: "mlflow-auth", product: "mlflow", optional: /^$/, chain: "authRevisions" },
];

/** Airflow 3's stand-in for all that was before 2.6.2; no database stays at it. */
const squashed = "4bc4d934e2bc";

const { values } = parseArgs({
  options: { snapshots: { type: "string" }, check: { type: "boolean", default: false } },
});

for (const history of histories) {
  const path = `src/catalog/${history.product}/${fileOf(history)}`;
  if (values.check) await check(history, path);
  else await writeGenerated(path, await generate(history));
}

async function generate({ name, optional }) {
  const read = async (file) =>
    (await readFile(join(values.snapshots, file), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  const fresh = existsSync(join(values.snapshots, `fresh-${name}.jsonl`)) ? await read(`fresh-${name}.jsonl`) : [];
  const isOptional = (fact) => optional.test(fact);
  const text = encodeHistory(await read(`${name}.jsonl`), fresh, isOptional);
  const variable = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  return `// Written by scripts/generate-histories.mjs from real databases; schema-history.ts tells the form.\nexport const ${variable}HistoryText = \`${text}\`;\n`;
}

async function check({ product, chain }, path) {
  const absolute = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
  const written = await readFile(absolute(path), "utf8");
  const found = [...written.matchAll(/^\["(\w+)"/gm)].map(([, id]) => id);
  const { [`${product}Releases`]: releases } = await importTypeScript(absolute(`src/catalog/${product}/versions.ts`));
  const wanted = new Set(
    releases.versions.flatMap((version) => releases.release(version)[chain].map((revision) => revision.id)),
  );
  wanted.delete(squashed);
  const wrong = [...wanted].filter((id) => !found.includes(id)).concat(found.filter((id) => !wanted.has(id)));
  if (wrong.length === 0) return;
  process.stderr.write(`${path} and the releases of versions.gen.ts differ in ${wrong.join(", ")}.\n`);
  process.exitCode = 1;
}

function fileOf({ name, product }) {
  return name === product ? "history.gen.ts" : `${name.slice(product.length + 1)}-history.gen.ts`;
}
