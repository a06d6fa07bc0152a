// Writes examples/airflow-mlflow: what `bulkhead init` writes, with secrets drawn from a fixed seed.
// With --check it writes nothing and fails when a file differs.
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const example = join(root, "examples", "airflow-mlflow");
const check = process.argv.includes("--check");

const { planInitVersions, renderInitProject } = await importSource(`
  export { planInitVersions } from "./src/actions/init/plan-init-versions.ts";
  export { renderInitProject } from "./src/actions/init/render-init-project.ts";
`);
const dag = await readFile(join(root, "resources", "init", "train_and_log.py"), "utf8");
const wanted = renderInitProject(planInitVersions({}), { airflow: 8080, mlflow: 5000 }, dag, seededRandom());

const stale = [];
for (const { path, text, mode } of wanted) {
  const target = join(example, path);
  const present = await readFile(target, "utf8").catch(() => undefined);
  if (present === text) continue;
  stale.push(path);
  if (check) continue;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
  await chmod(target, mode);
}
const known = new Set(wanted.map((file) => file.path));
for (const path of await filesBelow(example)) {
  if (known.has(path) || path === "bulkhead.lock" || path.includes("__pycache__")) continue;
  stale.push(path);
  if (!check) await rm(join(example, path));
}

if (check && stale.length > 0) {
  console.error(`examples/airflow-mlflow is not what init writes: ${stale.join(", ")}`);
  console.error("Run: node scripts/generate-examples.mjs");
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? "examples/airflow-mlflow is up to date" : `wrote ${stale.join(", ")}`);
}

/** TypeScript of ours, bundled in memory: Node 20 does not run it as it is. */
async function importSource(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

function seededRandom() {
  let drawn = 0;
  return {
    bytes(length) {
      const digest = createHash("sha256")
        .update(`bulkhead example ${(drawn += 1)}`)
        .digest();
      return new Uint8Array(digest.subarray(0, length));
    },
  };
}

async function filesBelow(directory) {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(directory.length + 1)
        .replaceAll("\\", "/"),
    );
}
