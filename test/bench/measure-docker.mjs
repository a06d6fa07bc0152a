// `bulkhead up` under Docker against `docker compose up --wait` of the same file, both until the same questions are answered.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { awaitIdle } from "./await-idle.mjs";

const example = "article-after";
/** The example's own interval. */
const interval = "interval: 10s";
const doctorRuns = 5;
const addresses = { airflow: "http://127.0.0.1:8080", mlflow: "http://127.0.0.1:5000" };
const answerMs = 300_000;

/**
 * @param {{ root: string, work: string, env: Record<string, string>, pairs: number, signal: AbortSignal,
 *   note: (text: string) => void }} facts `work`: a scratch directory; `env`: with a DOCKER_CONFIG that has Compose, and an
 *   engine that has the example's images
 * @returns {Promise<Record<"10s" | "30s", { ours: number[], theirs: number[] }> & { doctor: number[], idleBefore: number[] }>}
 *   seconds of `up` by the file's intervals, and of `doctor` beside it; the machine's idle share before each start
 * @throws {Error} when one of the commands fails; the stack is down then
 */
export async function measureDocker(facts) {
  const { pairs, signal, note } = facts;
  const samples = { doctor: [], idleBefore: [] };
  for (const seconds of ["10s", "30s"]) {
    const project = layOut(facts, seconds);
    const sides = { ours: upByBulkhead, theirs: upByCompose };
    const found = (samples[seconds] = { ours: [], theirs: [] });
    try {
      // Not measured: makes the image of the example's Dockerfile.
      compose(facts, project, "build");
      for (let pair = 0; pair < pairs; pair += 1) {
        // What is compared takes turns.
        for (const side of pair % 2 === 0 ? ["theirs", "ours"] : ["ours", "theirs"]) {
          samples.idleBefore.push(await awaitIdle({ note, signal }));
          found[side].push(await sides[side](facts, project));
          if (side === "ours" && samples.doctor.length === 0) samples.doctor = measureDoctor(facts, project);
          removeStack(facts, project);
        }
        note(`${seconds}: ${found.ours.at(-1).toFixed(1)} s against ${found.theirs.at(-1).toFixed(1)} s`);
      }
    } finally {
      removeStack(facts, project);
      rmSync(project.directory, { recursive: true });
    }
  }
  return samples;
}

/** The example with another interval, and what its `.env` has to hold. */
function layOut({ root, work }, seconds) {
  const name = `bench-docker-${seconds}`;
  const directory = join(work, name);
  cpSync(join(root, "examples", example), directory, { recursive: true });
  const file = join(directory, "compose.yaml");
  const text = readFileSync(file, "utf8");
  if (!text.includes(interval)) throw new Error(`${example} has no ${interval} any more.`);
  writeFileSync(file, text.replaceAll(interval, `interval: ${seconds}`));
  // A Fernet key is 32 bytes in URL-safe base64 with its padding.
  const secrets = [
    `AIRFLOW_SECRET_KEY=${randomBytes(32).toString("hex")}`,
    `AIRFLOW_FERNET_KEY=${randomBytes(32).toString("base64url")}=`,
  ];
  writeFileSync(join(directory, ".env"), `${secrets.join("\n")}\n`);
  return { name, directory };
}

/** Returns when everything is ready: those are the questions that the other side is asked after its own end. */
async function upByBulkhead(facts, project) {
  const started = performance.now();
  run(facts, project, process.execPath, [join(facts.root, "bin/bulkhead.js"), "up"]);
  const seconds = (performance.now() - started) / 1000;
  if (!(await isReady(facts, project))) throw new Error("bulkhead up returned before Airflow and MLflow were ready.");
  return seconds;
}

async function upByCompose(facts, project) {
  const started = performance.now();
  compose(facts, project, "up", "--detach", "--wait");
  while (!(await isReady(facts, project))) {
    if (performance.now() - started > answerMs) throw new Error("Airflow and MLflow did not become ready.");
    await sleep(150, undefined, { signal: facts.signal });
  }
  return (performance.now() - started) / 1000;
}

/** Airflow tells its database healthy and a heartbeat newer than its scheduler's start; MLflow has read its store. */
async function isReady(facts, project) {
  const [health, experiments] = await Promise.all([
    ask(`${addresses.airflow}/health`),
    ask(`${addresses.mlflow}/api/2.0/mlflow/experiments/search?max_results=1`),
  ]);
  if (health?.metadatabase?.status !== "healthy" || health.scheduler?.status !== "healthy") return false;
  if (!Array.isArray(experiments?.experiments)) return false;
  const id = compose(facts, project, "ps", "--quiet", "airflow-scheduler").trim();
  const startedAt = run(facts, project, "docker", ["inspect", "--format", "{{.State.StartedAt}}", id]).trim();
  return Date.parse(health.scheduler.latest_scheduler_heartbeat) > Date.parse(startedAt);
}

/** The body of an answer of 200; undefined when there is none. */
async function ask(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

function measureDoctor(facts, project) {
  return Array.from({ length: doctorRuns }, () => {
    const started = performance.now();
    run(facts, project, process.execPath, [join(facts.root, "bin/bulkhead.js"), "doctor"]);
    return (performance.now() - started) / 1000;
  });
}

function removeStack(facts, project) {
  compose(facts, project, "down", "--volumes", "--timeout", "5");
}

function compose(facts, project, ...args) {
  return run(facts, project, "docker", ["compose", ...args]);
}

function run({ env }, { name, directory }, program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: directory,
    env: { ...env, COMPOSE_PROJECT_NAME: name, BULKHEAD_ENGINE: "docker" },
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return stdout;
}
