// Writes resources/locks: the package sets that ship with Bulkhead.
//
//   node scripts/lock-environments.mjs            resolve them again as of their dates (network)
//   node scripts/lock-environments.mjs --check    fail when a shipped lock is missing, unknown or not what is asked for
//
// Base and extras are resolved together as of one date, a week after the newest of them, so that a second run gives the
// same text; divided or together, the lock's name is the same.
import { build } from "esbuild";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const locks = join(root, "resources", "locks");

const {
  airflowRequirements,
  mlflowRequirements,
  choosePython,
  ensureUv,
  findPythons,
  allRequirements,
  lockName,
  parseLocks,
  renderLocks,
  prepareCache,
  resolveLock,
  createNodePorts,
} = await load();

/** The default pair and the article's, each with the oldest Python of its release. */
const environments = [
  airflow("3.3.2", "2026-10-28", ["3.10", "3.11", "3.12"], []),
  airflow("3.3.2", "2026-10-28", ["3.10", "3.11", "3.12"], ["mlflow-skinny==3.17.2"]),
  mlflow("3.17.2", "2026-10-28", ["3.10", "3.11", "3.12"], ["psycopg2-binary"]),
  airflow("2.7.0", "2023-08-25", ["3.8", "3.9", "3.10", "3.11"], []),
  airflow("2.7.0", "2023-09-24", ["3.8", "3.9", "3.10", "3.11"], ["mlflow-skinny==2.7.1"]),
  mlflow("2.7.1", "2023-09-24", ["3.8", "3.9", "3.10", "3.11"], ["psycopg2-binary"]),
];

function airflow(version, resolvedAsOf, supportedPython, extras) {
  return request("airflow", version, resolvedAsOf, supportedPython, airflowRequirements(version), extras);
}

function mlflow(version, resolvedAsOf, supportedPython, extras) {
  return request("mlflow", version, resolvedAsOf, supportedPython, mlflowRequirements(version), extras);
}

function request(product, version, resolvedAsOf, supportedPython, requirements, extras) {
  const base = [...requirements, ...extras];
  return { product, version, preferredPython: undefined, supportedPython, base, extras: [], resolvedAsOf };
}

process.exitCode = process.argv.includes("--check") ? await check() : await write();

async function check() {
  const faults = [];
  const expected = new Map(environments.map((entry) => [`${lockName(entry)}.txt`, entry]));
  const present = await readdir(locks);
  for (const name of present) if (!expected.has(name)) faults.push(`${name}: nothing asks for it`);
  for (const [name, entry] of expected) {
    if (!present.includes(name)) {
      faults.push(`${name}: missing`);
      continue;
    }
    const text = await readFile(join(locks, name), "utf8");
    const [lock, ...others] = parseLocks(text, name);
    const wanted = allRequirements(entry);
    const pins = `${lock.body}${lock.build}`.split(/\n(?! )/).filter((line) => line !== "");
    if (others.length > 0 || `${lock.name}.txt` !== name) faults.push(`${name}: holds another lock`);
    if (lock.requirements.join() !== wanted.join()) faults.push(`${name}: made for other requirements`);
    if (lock.only || lock.python !== entry.supportedPython[0]) faults.push(`${name}: made for another Python`);
    if (renderLocks([lock]) !== text) faults.push(`${name}: changed by hand`);
    if (/https?:/.test(lock.body + lock.build)) faults.push(`${name}: names an index`);
    for (const pin of pins) {
      if (!/^\S+==\S+/.test(pin) || !pin.includes("--hash=sha256:"))
        faults.push(`${name}: not pinned: ${pin.slice(0, 60)}`);
    }
    for (const line of wanted.filter((line) => line.includes("=="))) {
      if (!pins.some((pin) => pin.startsWith(line))) faults.push(`${name}: does not hold ${line}`);
    }
  }
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) console.error("run: node scripts/lock-environments.mjs");
  return faults.length > 0 ? 1 : 0;
}

async function write() {
  const cache = await mkdtemp(join(tmpdir(), "bulkhead-locks-"));
  try {
    const io = createNodePorts();
    const context = {
      io,
      cache,
      resources: join(root, "resources"),
      unitUser: { uid: io.host.uid, gid: io.host.gid },
      emit: () => undefined,
      signal: new AbortController().signal,
    };
    await prepareCache(context);
    const uv = await ensureUv(context);
    const found = await findPythons(context);
    const written = [];
    for (const entry of environments) {
      const lock = await resolveLock(context, uv, entry, choosePython(entry, found));
      if (lock.only) throw new Error(`${lock.name}: no set fits all of ${entry.supportedPython.join(", ")}`);
      await writeFile(join(locks, `${lock.name}.txt`), renderLocks([lock]));
      written.push(`${lock.name}.txt`);
      console.error(`${lock.name}: ${lock.body.match(/==/g).length} packages`);
    }
    for (const name of await readdir(locks)) {
      if (!written.includes(name)) await rm(join(locks, name));
    }
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
  return 0;
}

/** The sources are TypeScript, which Node 20 does not run. */
async function load() {
  const modules = {
    "catalog/airflow/requirements.ts": "airflowRequirements",
    "catalog/mlflow/requirements.ts": "mlflowRequirements",
    "supply/choose-python.ts": "choosePython",
    "supply/ensure-uv.ts": "ensureUv",
    "supply/find-pythons.ts": "findPythons",
    "supply/lock-name.ts": "allRequirements, lockName",
    "supply/lock-text.ts": "parseLocks, renderLocks",
    "supply/prepare-cache.ts": "prepareCache",
    "supply/resolve-lock.ts": "resolveLock",
    "node/node-ports.ts": "createNodePorts",
  };
  const contents = Object.entries(modules).map(([path, names]) => `export { ${names} } from "./src/${path}";`);
  const bundle = await build({
    stdin: { contents: contents.join("\n"), resolveDir: resolve(root), loader: "ts" },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
  });
  // Beside this file, because the bundle imports the package's dependencies.
  const path = join(root, "scripts", `.lock-environments.${process.pid}.mjs`);
  await writeFile(path, bundle.outputFiles[0].text);
  try {
    return await import(path);
  } finally {
    await rm(path);
  }
}
