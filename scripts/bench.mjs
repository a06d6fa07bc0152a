// npm run bench: the numbers the product promises, measured on this machine. Prints a table, then one JSON object.
//   node scripts/bench.mjs [--pairs 5] [--only up,stopped,rest,cli,check,explain,databases] [--json]
// Needs a machine that does nothing else; the idle share before each measurement is part of the result. The cache is
// BULKHEAD_CACHE_DIR or the user's own, and is filled first by another project.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { layOutByHand, startByHand, stopByHand } from "../test/bench/by-hand.mjs";
import { measureCheck } from "../test/bench/measure-check.mjs";
import { measureCommands, median } from "../test/bench/measure-commands.mjs";
import { measureDatabases } from "../test/bench/measure-databases.mjs";
import { measureExplain } from "../test/bench/measure-explain.mjs";
import { measureRest } from "../test/bench/measure-rest.mjs";
import { buildBundles, buildLibrary } from "./build.mjs";
import { ensureInstall } from "./ensure-install.mjs";
import { buildOracle } from "./oracle/build-oracle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "5" },
    only: { type: "string", default: "up,stopped,rest,cli,check,explain,databases" },
    json: { type: "boolean", default: false },
  },
});
const pairs = Number(values.pairs);
const wanted = new Set(values.only.split(","));
const restSeconds = 60;
const commandRuns = 20;

ensureInstall();
await buildBundles();
await buildLibrary();

const work = mkdtempSync(join(tmpdir(), "bh-bench-"));
await chmod(work, 0o755);
const env = { ...process.env, BULKHEAD_HOME: join(work, "data"), BULKHEAD_ENGINE: "native", NO_COLOR: "1" };
const samples = { up: [], upByHand: [], stopped: [], stoppedByHand: [], idleBefore: [] };
const rows = [];
let running;
let failed = false;
const ended = new AbortController();
const { signal } = ended;
for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => ended.abort(new Error(`ended by ${name}`)));
try {
  if (wanted.has("check")) reportCheck();
  if (wanted.has("explain")) reportExplain();
  await hearSignals();
  if (wanted.has("databases")) await reportDatabases();
  const needsStack = ["up", "stopped", "rest", "cli"].some((name) => wanted.has(name));
  if (needsStack) await measureStacks();
} catch (error) {
  // What was measured before is still worth reading.
  const cause = signal.aborted ? signal.reason : error;
  note(cause instanceof Error ? cause.message : String(cause));
  failed = true;
} finally {
  if (running !== undefined) await running();
  rmSync(work, { recursive: true, force: true });
}
await sleep(0);
// Half a table would be taken for the whole.
if (signal.aborted) process.exitCode = 130;
else print();

/** A command that runs keeps signals waiting: here they are heard, and end what follows. */
async function hearSignals() {
  await sleep(0);
  signal.throwIfAborted();
}

async function measureStacks() {
  // Fills the template cache and the page cache: "another project".
  note("filling the caches");
  const filler = makeProject("filler");
  running = () => down(filler);
  up(filler);
  const supplies = readSupplies("filler");
  down(filler);
  running = undefined;
  await hearSignals();

  if (wanted.has("up") || wanted.has("stopped")) {
    for (let pair = 0; pair < pairs; pair += 1) {
      const sides = [() => measureUp(`pair${pair}`), () => measureByHand(`hand${pair}`, supplies)];
      for (const side of pair % 2 === 0 ? sides : sides.toReversed()) await side();
    }
    report("up", "up of a new project", "the same by hand", samples.up, samples.upByHand, 0.8);
    report("stopped", "up of a stopped project", "the same by hand", samples.stopped, samples.stoppedByHand, 1.05);
  }
  if (wanted.has("rest") || wanted.has("cli")) await measureResting();
}

function reportCheck() {
  note("checking projects");
  const { cold, thousand, memory } = measureCheck({
    root,
    work,
    tools: join(process.env.BULKHEAD_CACHE_DIR ?? tmpdir(), "bench"),
    compose: join(buildOracle(), "docker-compose"),
    env,
    runs: commandRuns,
    rounds: Math.min(pairs, 3),
  });
  Object.assign(samples, { checkCold: cold, checkThousand: thousand, checkMemory: memory });
  const milliseconds = (value) => `${value.toFixed(0)} ms`;
  const timesOf = (what, against, ours, theirs, unit, limit) =>
    row(
      what,
      `${against}, ${unit(theirs)}`,
      `${unit(ours)}, ${(ours / theirs).toFixed(2)} x`,
      `<= ${limit} x`,
      ours / theirs <= limit,
    );
  timesOf("check, one project, cold", "docker compose config -q", cold.bulkhead, cold.compose, milliseconds, 2);
  timesOf("the same", `dclint 3`, cold.bulkhead, cold.dclint, milliseconds, 0.4);
  const factor = thousand.dclint / thousand.bulkhead;
  row(
    "check --format concise, 1,000 projects in one process",
    `dclint, ${thousand.dclint.toFixed(1)} s`,
    `${thousand.bulkhead.toFixed(1)} s, ${factor.toFixed(1)} x faster`,
    ">= 10 x faster",
    factor >= 10,
  );
  timesOf(
    "check --format concise, 500 services: memory",
    "dclint",
    memory.bulkhead,
    memory.dclint,
    (value) => `${value.toFixed(0)} MiB`,
    1,
  );
}

function reportExplain() {
  note("explaining a gigabyte of logs");
  const { explain, grep, peakMiB } = measureExplain({ root, work, env });
  const ratio = explain / grep;
  row(
    "explain, 1 GiB of mixed logs",
    `grep -c of one word, ${grep.toFixed(2)} s`,
    `${explain.toFixed(1)} s, ${ratio.toFixed(1)} x`,
    "<= 25 x",
    ratio <= 25,
  );
  row("the same: memory", "", `${peakMiB.toFixed(0)} MiB`, "<= 200 MiB", peakMiB <= 200);
}

async function reportDatabases() {
  note("splitting, comparing and backing up two gigabytes");
  const found = await measureDatabases({
    root,
    work,
    env,
    cache: process.env.BULKHEAD_CACHE_DIR ?? join(work, "cache"),
    pairs: Math.min(pairs, 3),
    signal,
    note,
  });
  samples.databases = found;
  const seconds = (value) => (value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(1)} s`);
  for (const [name, what, against, limit] of [
    ["split", "db split of 2 GB, one server, not verified", "pg_dump | pg_restore, once an app", 0.4],
    ["copy", "its copies alone", "cp of the data files", 1.5],
    ["verification", "its verification alone", "COPY | md5sum of both sides", 1],
    ["backup", "db backup of 2 GB", "pg_dump -Fd -j2", 1.1],
    ["status", "db status on it", "count(*) of its largest table", 1],
  ]) {
    const [ours, theirs] = [median(found[name].ours), median(found[name].theirs)];
    const ratio = ours / theirs;
    row(
      what,
      `${against}, ${seconds(theirs)}`,
      `${seconds(ours)}, ${ratio.toFixed(2)} x`,
      `<= ${limit} x`,
      ratio <= limit,
    );
  }
}

async function measureUp(name) {
  const project = makeProject(name);
  running = () => down(project);
  await settle();
  samples.up.push(up(project));
  bulkhead(project, "stop");
  if (wanted.has("stopped")) {
    await settle();
    samples.stopped.push(up(project));
  }
  down(project);
  running = undefined;
  note(`bulkhead: ${last(samples.up)} s new, ${last(samples.stopped)} s stopped`);
}

async function measureByHand(name, supplies) {
  const project = makeProject(`${name}-project`);
  const { services } = JSON.parse(bulkhead(project, "config", "--format", "json"));
  const stack = await layOutByHand({
    directory: join(work, name),
    projectDirectory: project,
    services,
    supplies,
    user: process.getuid() === 0 ? account("nobody") : undefined,
  });
  running = () => stopByHand(stack);
  await settle();
  samples.upByHand.push(await startByHand(stack, "new", signal));
  await stopByHand(stack);
  if (wanted.has("stopped")) {
    await settle();
    samples.stoppedByHand.push(await startByHand(stack, "again", signal));
    await stopByHand(stack);
  }
  running = undefined;
  rmSync(stack.directory, { recursive: true });
  note(`by hand: ${last(samples.upByHand)} s new, ${last(samples.stoppedByHand)} s stopped`);
}

async function measureResting() {
  const project = makeProject("rest");
  running = () => down(project);
  // The eighth unit.
  writeFileSync(
    join(project, "compose.override.yaml"),
    `services:
  spare-db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: spare }
    healthcheck: { test: [CMD, pg_isready, -h, 127.0.0.1, -U, postgres], interval: 5s, timeout: 5s, retries: 12 }
`,
  );
  up(project);
  await sleep(30_000, undefined, { signal });
  if (wanted.has("rest")) {
    note(`watching the supervisor for ${restSeconds} s`);
    const rest = await measureRest(join(work, "data/projects/rest"), restSeconds, signal);
    row(
      "supervisor at rest, 8 units: RSS",
      `bare node, ${rest.bareRssMiB.toFixed(1)} MiB`,
      `${rest.rssMiB.toFixed(1)} MiB`,
      "<= 60 MiB",
      rest.rssMiB <= 60,
    );
    row(
      "supervisor at rest, 8 units: own CPU",
      `over ${restSeconds} s`,
      `${rest.cpuPercent.toFixed(2)} %`,
      "<= 0.3 %",
      rest.cpuPercent <= 0.3,
    );
  }
  if (wanted.has("cli")) {
    const executable = join(root, "bin/bulkhead.js");
    const times = measureCommands(
      {
        "node -e 0": [process.execPath, "-e", "0"],
        version: [process.execPath, executable, "--version"],
        ps: [process.execPath, executable, "ps"],
      },
      { cwd: project, env, runs: commandRuns },
    );
    const bare = times["node -e 0"];
    for (const [name, limit] of [
      ["version", 1.3],
      ["ps", 2],
    ]) {
      const ratio = times[name] / bare;
      const what = name === "ps" ? "bulkhead ps" : "bulkhead --version";
      row(
        what,
        `node -e 0, ${bare.toFixed(0)} ms`,
        `${times[name].toFixed(0)} ms, ${ratio.toFixed(2)} x`,
        `<= ${limit.toFixed(1)} x`,
        ratio <= limit,
      );
    }
  }
  down(project);
  running = undefined;
}

function makeProject(name) {
  const directory = join(work, name);
  const { status, stderr } = spawnSync(process.execPath, [join(root, "bin/bulkhead.js"), "init", directory], {
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return directory;
}

/** Seconds of one `up` from its first to its last instruction. */
function up(project) {
  const started = performance.now();
  bulkhead(project, "up", "--auto-ports");
  return Number(((performance.now() - started) / 1000).toFixed(2));
}

function down(project) {
  bulkhead(project, "down", "-v", "--no-backup");
}

function bulkhead(project, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "bin/bulkhead.js"), ...args], {
    cwd: project,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`bulkhead ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return stdout;
}

/** The directories a project's units were started from: the same programs are then started by hand. */
function readSupplies(name) {
  const unit = (service) =>
    JSON.parse(readFileSync(join(work, "data/projects", name, "units", service, "unit.json"), "utf8"));
  const firstOfPath = (service) => unit(service).env.PATH.split(":")[0];
  return {
    airflow: firstOfPath("airflow-scheduler"),
    mlflow: firstOfPath("mlflow"),
    postgres: dirname(unit("airflow-db").argv[0]),
    clients: firstOfPath("airflow-db"),
  };
}

function account(name) {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((text) => text.startsWith(`${name}:`));
  const [, , uid, gid] = line.split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

/** Lets what ended before settle, and records how idle the machine is. */
async function settle() {
  await sleep(2000, undefined, { signal });
  const before = cpuTicks();
  await sleep(1000);
  const after = cpuTicks();
  const share = (after.idle - before.idle) / (after.all - before.all);
  samples.idleBefore.push(Number(share.toFixed(2)));
  if (share < 0.9)
    note(
      `the machine is only ${Math.round(share * 100)} % idle (load ${loadavg()[0].toFixed(1)}): this measurement says little`,
    );
}

function cpuTicks() {
  const fields = readFileSync("/proc/stat", "utf8").split("\n")[0].trim().split(/\s+/).slice(1).map(Number);
  return { idle: fields[3] + fields[4], all: fields.reduce((sum, field) => sum + field, 0) };
}

function report(name, what, against, own, hand, limit) {
  if (!wanted.has(name) || own.length === 0) return;
  const [ours, theirs] = [median(own), median(hand)];
  const ratio = ours / theirs;
  row(
    what,
    `${against}, ${theirs.toFixed(1)} s`,
    `${ours.toFixed(1)} s, ${ratio.toFixed(2)} x`,
    `<= ${limit} x`,
    ratio <= limit,
  );
  if (name === "up" && theirs > 32) row("by hand, new project", "", `${theirs.toFixed(1)} s`, "<= 32 s", false);
}

function row(what, against, measured, limit, ok) {
  rows.push({ what, against, measured, limit, ok });
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

function last(list) {
  const value = list.at(-1);
  return value === undefined ? "-" : value.toFixed(1);
}
