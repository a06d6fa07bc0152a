// npm run bench: the numbers the product promises, measured on this machine. Prints a table, then one JSON object.
//   node scripts/bench.mjs [--pairs 5] [--only check,explain,databases,up,stopped,rest,cli,docker] [--json]
// Needs a machine that does nothing else; the idle share before each measurement is part of the result. The cache is
// BULKHEAD_CACHE_DIR or the user's own, and is filled first by another project.
import { mkdtempSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { benchProjects } from "../test/bench/bench-projects.mjs";
import { measureCheck } from "../test/bench/measure-check.mjs";
import { measureDatabases } from "../test/bench/measure-databases.mjs";
import { measureDocker } from "../test/bench/measure-docker.mjs";
import { measureExplain } from "../test/bench/measure-explain.mjs";
import { measureResting } from "../test/bench/measure-resting.mjs";
import { measureStarts } from "../test/bench/measure-starts.mjs";
import {
  checkRows,
  commandRows,
  databaseRows,
  dockerRows,
  explainRows,
  restRows,
  startRows,
} from "../test/bench/result-rows.mjs";
import { prepareDocker } from "../test/docker/prepare-docker.mjs";
import { buildBundles, buildLibrary } from "./build.mjs";
import { ensureInstall } from "./ensure-install.mjs";
import { buildOracle } from "./oracle/build-oracle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Each measured as a whole, in this order. */
const parts = [
  { names: ["check"], run: checkProjects },
  { names: ["explain"], run: explainLogs },
  { names: ["databases"], run: workOnDatabases },
  { names: ["up", "stopped"], run: startStacks },
  { names: ["rest", "cli"], run: restBeside },
  { names: ["docker"], run: startContainers },
];
const names = parts.flatMap((part) => part.names);
const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "5" },
    only: { type: "string", default: names.join(",") },
    json: { type: "boolean", default: false },
  },
});
const pairs = Number(values.pairs);
const wanted = new Set(values.only.split(","));
const unknown = [...wanted].filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`--only takes ${names.join(", ")}, not ${unknown.join(", ")}`);
/** Of a command that takes part of a second. */
const runs = 20;

ensureInstall();
await buildBundles();
await buildLibrary();

const work = mkdtempSync(join(tmpdir(), "bh-bench-"));
await chmod(work, 0o755);
const env = { ...process.env, BULKHEAD_HOME: join(work, "data"), BULKHEAD_ENGINE: "native", NO_COLOR: "1" };
const projects = benchProjects({ root, work, env });
const samples = { up: [], upByHand: [], stopped: [], stoppedByHand: [], idleBefore: [] };
const rows = [];
let failed = false;
const ended = new AbortController();
const { signal } = ended;
for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => ended.abort(new Error(`ended by ${name}`)));
try {
  for (const part of parts.filter((one) => one.names.some((name) => wanted.has(name)))) {
    await part.run();
    // A command that runs keeps signals waiting: here they are heard, and end what follows.
    await sleep(0);
    signal.throwIfAborted();
  }
} catch (error) {
  // What was measured before is still worth reading.
  const cause = signal.aborted ? signal.reason : error;
  note(cause instanceof Error ? cause.message : String(cause));
  failed = true;
} finally {
  rmSync(work, { recursive: true, force: true });
}
await sleep(0);
// Half a table would be taken for the whole.
if (signal.aborted) process.exitCode = 130;
else print();

async function checkProjects() {
  note("checking projects");
  const found = measureCheck({
    root,
    work,
    tools: join(process.env.BULKHEAD_CACHE_DIR ?? tmpdir(), "bench"),
    compose: join(buildOracle(), "docker-compose"),
    env,
    runs,
    rounds: Math.min(pairs, 3),
  });
  Object.assign(samples, { checkCold: found.cold, checkThousand: found.thousand, checkMemory: found.memory });
  rows.push(...checkRows(found));
}

async function explainLogs() {
  note("explaining a gigabyte of logs");
  samples.explain = measureExplain({ root, work, env });
  rows.push(...explainRows(samples.explain));
}

async function workOnDatabases() {
  note("splitting, comparing and backing up two gigabytes");
  const cache = process.env.BULKHEAD_CACHE_DIR ?? join(work, "cache");
  samples.databases = await measureDatabases({ root, work, env, cache, pairs: Math.min(pairs, 3), signal, note });
  rows.push(...databaseRows(samples.databases));
}

async function startStacks() {
  const stopped = wanted.has("stopped");
  await measureStarts({ projects, work, pairs, stopped, samples, note, signal });
  if (wanted.has("up")) rows.push(...startRows("new", samples.up, samples.upByHand));
  if (stopped) rows.push(...startRows("stopped", samples.stopped, samples.stoppedByHand));
}

async function restBeside() {
  const { rest, cli } = await measureResting({ projects, root, env, wanted, runs, note, signal });
  if (rest !== undefined) rows.push(...restRows(rest));
  if (cli !== undefined) rows.push(...commandRows(cli));
}

async function startContainers() {
  note("starting the article's stack under Docker");
  let release = async () => undefined;
  try {
    await prepareDocker((stop) => (release = stop));
    const surroundings = { ...env, DOCKER_CONFIG: process.env.DOCKER_CONFIG };
    samples.docker = await measureDocker({ root, work, env: surroundings, pairs: Math.min(pairs, 3), signal, note });
    rows.push(...dockerRows(samples.docker));
  } finally {
    await release();
  }
}

function print() {
  const machine = { cores: availableParallelism(), memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
  const date = new Date().toISOString().slice(0, 10);
  if (!values.json) {
    process.stdout.write(
      `${date}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, ${pairs} pairs, medians\n\n`,
    );
    process.stdout.write("| what | against | measured | reach | |\n|---|---|---|---|---|\n");
    for (const { what, against, measured, limit, ok } of rows) {
      process.stdout.write(`| ${what} | ${against} | ${measured} | ${limit} | ${ok ? "yes" : "**no**"} |\n`);
    }
    process.stdout.write("\n");
  }
  process.stdout.write(`${JSON.stringify({ schema: 1, date, machine, pairs, rows, samples }, null, 2)}\n`);
  process.exitCode = !failed && rows.every(({ ok }) => ok) ? 0 : 1;
}

function note(text) {
  process.stderr.write(`bench: ${text}\n`);
}
