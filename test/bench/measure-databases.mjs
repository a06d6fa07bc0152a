// What works on databases against PostgreSQL's own programs, on one of two gigabytes that Airflow and MLflow share.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importParts } from "../../scripts/import-parts.mjs";
import { collidedDatabase, makeCollided } from "./make-collided.mjs";
import { median } from "./measure-commands.mjs";

const gigabytes = 2;
const major = 17;
const environment = { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" };

const { checksumTables, createNodePorts, listContent, openUrlAccess, startTestServer, writeBackup } = await importParts(
  {
    "src/node/node-ports.ts": ["createNodePorts"],
    "src/postgres/archive/list-content.ts": ["listContent"],
    "src/postgres/archive/write-backup.ts": ["writeBackup"],
    "src/postgres/checksum-tables.ts": ["checksumTables"],
    "src/postgres/open-url-access.ts": ["openUrlAccess"],
    "test/helpers/test-server.ts": ["startTestServer"],
  },
);
const io = createNodePorts();

/**
 * @param {{ root: string, work: string, env: Record<string, string>, cache: string, pairs: number, signal: AbortSignal,
 *   note: (text: string) => void }} facts `work`: a scratch directory with room for two copies of the database
 * @returns seconds, all of them: `split`, `copy`, `verification`, `backup`, `status`, each `{ ours, theirs }`
 */
export async function measureDatabases(facts) {
  const { pairs, note, signal } = facts;
  const cluster = await makeCollided(gigabytes);
  const server = await startTestServer(major, { cluster });
  const samples = {};
  try {
    const bench = await openBench(facts, server);
    for (const sides of measurements(bench)) {
      // What is compared takes turns.
      for (let pair = 0; pair < pairs; pair += 1) {
        for (const side of pair % 2 === 0 ? ["theirs", "ours"] : ["ours", "theirs"]) {
          signal.throwIfAborted();
          for (const [name, seconds] of Object.entries(await sides[side]())) {
            ((samples[name] ??= {})[side] ??= []).push(seconds);
          }
        }
      }
    }
    for (const [name, { ours, theirs }] of Object.entries(samples)) {
      note(`${name}: ${median(ours).toFixed(2)} s against ${median(theirs).toFixed(2)} s`);
    }
    return samples;
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

async function openBench({ root, work, env, cache, signal }, server) {
  const url = server.url(collidedDatabase);
  const context = {
    io,
    cache,
    resources: join(root, "resources"),
    unitUser: { uid: io.host.uid, gid: io.host.gid },
    emit: () => undefined,
    signal,
  };
  const access = await openUrlAccess(context, url);
  const session = await access.connect(collidedDatabase, signal);
  const { tables } = await listContent(session);
  await session.close();
  const bench = { root, work, env, url, server, access, tables, signal };
  const { databases } = JSON.parse(await readStatus(bench));
  const owned = databases.find(({ name }) => name === collidedDatabase).tables;
  const apps = ["airflow", "mlflow"].map((name) => ({ name, others: owned.filter(({ app }) => app !== name) }));
  return { ...bench, apps };
}

function measurements(bench) {
  return [
    { ours: () => splitDatabase(bench), theirs: () => splitByHand(bench) },
    {
      ours: () => timed("verification", () => checksumBoth(bench)),
      theirs: () => timed("verification", () => copyBoth(bench)),
    },
    { ours: () => timed("backup", () => backUp(bench)), theirs: () => timed("backup", () => dump(bench)) },
    { ours: () => timed("status", () => readStatus(bench)), theirs: () => timed("status", () => countLargest(bench)) },
  ];
}

async function timed(name, work) {
  const started = performance.now();
  await work();
  return { [name]: (performance.now() - started) / 1000 };
}

/** The whole command without the time in which nothing but its verification was at work, and its copying alone. */
async function splitDatabase(bench) {
  const started = performance.now();
  const text = await bulkhead(bench, [
    "split",
    "--url",
    bench.url,
    "--same-server",
    "--name",
    "mlflow",
    "--json-events",
  ]);
  const all = (performance.now() - started) / 1000;
  const steps = new Map();
  for (const { type, id, outcome, time } of text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))) {
    if (type !== "step") continue;
    const at = Date.parse(time) / 1000;
    steps.set(id, outcome === "running" ? { from: at, to: at } : { ...steps.get(id), to: at });
  }
  await bulkhead(bench, ["split", "--url", bench.url, "--undo", "--yes"]);
  // A step is told by its title.
  const [copying, comparing] = [/^copy .+ for /, /^compare .+ with the original$/];
  const spanOf = (title) => {
    const found = [...steps].filter(([id]) => title.test(id)).map(([, span]) => span);
    if (found.length === 0) throw new Error(`the split had no step ${title}`);
    return { from: Math.min(...found.map(({ from }) => from)), to: Math.max(...found.map(({ to }) => to)) };
  };
  const verified = spanOf(comparing);
  const others = [...steps].filter(([id]) => !comparing.test(id));
  const beside = others.map(([, { from, to }]) =>
    Math.max(0, Math.min(to, verified.to) - Math.max(from, verified.from)),
  );
  const copied = spanOf(copying);
  return {
    split: all - (verified.to - verified.from - Math.max(0, ...beside)),
    copy: copied.to - copied.from,
  };
}

/** A dump of each application's tables piped into a database of its own; and the data files copied, once for each. */
async function splitByHand(bench) {
  const { server, work, url, apps } = bench;
  const split = await timed("split", async () => {
    for (const app of apps) {
      await server.query("postgres", `create database "by hand ${app.name}" template template0`);
      const left = app.others.map(({ schema, name }) => `--exclude-table="${schema}"."${name}"`);
      await pipe(
        [join(server.clientDirectory, "pg_dump"), "-Fc", "-Z0", ...left, url],
        [join(server.clientDirectory, "pg_restore"), "--exit-on-error", "-d", server.url(`by hand ${app.name}`)],
      );
    }
  });
  for (const app of apps) await server.query("postgres", `drop database "by hand ${app.name}"`);
  const [{ oid }] = await server.query("postgres", `select oid from pg_database where datname = '${collidedDatabase}'`);
  await server.query("postgres", "checkpoint");
  const copies = apps.map(({ name }) => join(work, `files of ${name}`));
  const copy = await timed("copy", async () => {
    for (const target of copies) await run(["cp", "-a", join(server.dataDirectory, "base", String(oid)), target]);
  });
  for (const target of copies) rmSync(target, { recursive: true });
  return { ...split, ...copy };
}

async function backUp({ access, work, signal }) {
  const path = join(work, "backup.tar");
  await writeBackup(io, {
    path,
    project: null,
    version: "0.0.0",
    sources: [{ access, databases: [{ name: collidedDatabase, apps: [], isClosed: false }] }],
    verify: false,
    emit: () => undefined,
    signal,
  });
  rmSync(path);
}

async function dump(bench) {
  const directory = join(bench.work, "dump");
  await client(bench, "pg_dump", ["-Fd", "-j2", "-f", directory, bench.url]);
  rmSync(directory, { recursive: true });
}

/** Both sides have the same content here: the original is read twice, as the original and its copies are. */
async function checksumBoth({ access, tables, signal }) {
  for (let side = 0; side < 2; side += 1) {
    const sessions = [await access.connect(collidedDatabase, signal), await access.connect(collidedDatabase, signal)];
    await checksumTables(sessions, tables);
    await Promise.all(sessions.map((session) => session.close()));
  }
}

/** Both sides at once, each in one session: a program for each table would measure starts of programs. */
async function copyBoth(bench) {
  const copies = bench.tables.map(({ schema, name }) => `\\copy "${schema}"."${name}" to program 'md5sum'`);
  const script = join(bench.work, "md5sums.psql");
  writeFileSync(script, `${copies.join("\n")}\n`);
  const sum = () => client(bench, "psql", ["-Xq", "-v", "ON_ERROR_STOP=1", "-f", script, bench.url]);
  await Promise.all([sum(), sum()]);
}

function readStatus(bench) {
  return bulkhead(bench, ["status", "--url", bench.url, "--json"]);
}

async function countLargest(bench) {
  const [largest] = bench.tables.toSorted((a, b) => b.bytes - a.bytes);
  await client(bench, "psql", ["-Xqc", `select count(*) from "${largest.schema}"."${largest.name}"`, bench.url]);
}

function client({ server }, program, args) {
  return run([join(server.clientDirectory, program), ...args]);
}

/** A `bulkhead db` command's output. Exit code 1 is a verdict on the database. */
async function bulkhead({ root, work, env }, args) {
  const argv = [join(root, "bin/bulkhead.js"), "db", ...args];
  const child = spawn(process.execPath, argv, { cwd: work, env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece) => (text += piece));
  await succeeded(child, `bulkhead db ${args[0]}`, [0, 1]);
  return text;
}

async function run([program, ...args]) {
  const child = spawn(program, args, { env: environment, stdio: ["ignore", "ignore", "inherit"] });
  await succeeded(child, program);
}

async function pipe([from, ...fromArgs], [into, ...intoArgs]) {
  const reader = spawn(into, intoArgs, { env: environment, stdio: ["pipe", "ignore", "inherit"] });
  // Without us in between: the reader's end of the pipe is the writer's output.
  const writer = spawn(from, fromArgs, { env: environment, stdio: ["ignore", reader.stdin, "inherit"] });
  reader.stdin.destroy();
  await Promise.all([succeeded(writer, from), succeeded(reader, into)]);
}

async function succeeded(child, program, codes = [0]) {
  const [code] = await once(child, "close");
  if (!codes.includes(code)) throw new Error(`${program} ended with ${code}`);
}
