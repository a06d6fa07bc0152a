import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { connectSupervisor, type SupervisorClient } from "../../src/engine/native/supervisor/client.ts";
import { ensureSupervisor, type SupervisorPlace } from "../../src/engine/native/supervisor/ensure-supervisor.ts";
import { listProcesses } from "../../src/engine/native/supervisor/process-table.ts";
import type { UnitSpec, UnitStatus } from "../../src/engine/native/unit.ts";

/** A project's worth of state in a directory of its own, with a supervisor started on demand. */
export interface SupervisorHarness {
  readonly directory: string;
  readonly place: SupervisorPlace;
  readonly connect: () => Promise<SupervisorClient>;
  /** A unit that runs `argv`; every other field has a harmless default. */
  readonly spec: (service: string, argv: readonly [string, ...string[]], more?: Partial<UnitSpec>) => UnitSpec;
  readonly log: (service: string) => string;
  readonly dispose: () => Promise<void>;
}

/** Ends what hangs. */
const limitMs = 120_000;

/** Bundles the supervisor as the package ships it and makes an empty project. `dispose` fails if a process is left. */
export async function createHarness(
  more: { firstDelayMs?: number; version?: string } = {},
): Promise<SupervisorHarness> {
  const directory = mkdtempSync(join(tmpdir(), "bh-sup-"));
  const place: SupervisorPlace = {
    stateDirectory: join(directory, "a state"),
    socketPath: join(directory, "s", "control"),
    entry: join(directory, "supervisor.mjs"),
    wrapper: resolve("resources/sh/unit.sh"),
    version: more.version ?? "1.0.0",
    firstDelayMs: more.firstDelayMs ?? 1000,
  };
  mkdirSync(place.stateDirectory, { recursive: true });
  await build({
    entryPoints: ["src/engine/native/supervisor/main.ts"],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    outfile: place.entry,
    logLevel: "error",
  });
  const clients: SupervisorClient[] = [];
  return {
    directory,
    place,
    connect: async () => {
      const client = await ensureSupervisor(place, AbortSignal.timeout(limitMs));
      clients.push(client);
      return client;
    },
    spec: (service, argv, fields = {}) => ({
      service,
      hash: `${service}-1`,
      argv,
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
      logFile: join(place.stateDirectory, "logs", `${service}.log`),
      stopSignal: "SIGTERM",
      stopTarget: "group",
      stopGraceMs: 5000,
      restart: { when: "no" },
      removeBeforeStart: [],
      ...fields,
    }),
    log: (service) => readIfPresent(join(place.stateDirectory, "logs", `${service}.log`)),
    dispose: async () => {
      for (const client of clients) client.close();
      const client = await connectSupervisor(place.socketPath);
      await client?.shutdown("stop");
      // A supervisor lets go of its socket a moment before it ends.
      await until(() => processesNaming(directory).length === 0).catch(() => undefined);
      const left = processesNaming(directory);
      for (const pid of left) process.kill(pid, "SIGKILL");
      const complaint = readIfPresent(join(place.stateDirectory, "supervisor.log"));
      rmSync(directory, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`left running: ${left.join(", ")}`);
      if (complaint !== "") throw new Error(`supervisor.log: ${complaint}`);
    },
  };
}

/** Waits for a unit's status in the supervisor's own stream of changes. */
export async function untilStatus(
  client: SupervisorClient,
  service: string,
  reached: (status: UnitStatus) => boolean,
): Promise<UnitStatus> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limitMs);
  let last: UnitStatus | undefined;
  try {
    for await (const status of client.watch(abort.signal)) {
      if (status.service !== service) continue;
      last = status;
      if (reached(status)) return status;
    }
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
  throw new Error(`${service} never got there: ${JSON.stringify(last)}`);
}

/** Asks again and again until there is an answer. */
export async function until<T>(ask: () => T | undefined | false): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`never true: ${ask.toString()}`);
    await sleep(20);
  }
}

export function isAlive(pid: number): boolean {
  return listProcesses().some((row) => row.pid === pid);
}

/** A number an application wrote into a file. */
export function pidFrom(path: string): number | undefined {
  const text = readIfPresent(path);
  return text.endsWith("\n") ? Number(text) : undefined;
}

function readIfPresent(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** Processes whose command line or environment names the directory. */
function processesNaming(directory: string): readonly number[] {
  return listProcesses()
    .filter(({ pid }) => pid !== process.pid)
    .filter(({ pid }) => `${read(`/proc/${pid}/cmdline`)}${read(`/proc/${pid}/environ`)}`.includes(directory))
    .map(({ pid }) => pid);
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
