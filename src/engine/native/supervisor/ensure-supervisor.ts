import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ToolError } from "../../../core/tool-error.ts";
import { findSupervisor } from "./claim.ts";
import { connectSupervisor, type SupervisorClient } from "./client.ts";
import { statePaths } from "./state-paths.ts";

/** Where a project's supervisor lives and what it is started from. Paths absolute. */
export interface SupervisorPlace {
  readonly stateDirectory: string;
  /** In a short directory: at most 103 bytes on macOS, 107 on Linux. */
  readonly socketPath: string;
  /** `dist/supervisor.js`. */
  readonly entry: string;
  /** `resources/sh/unit.sh`. */
  readonly wrapper: string;
  /** Bulkhead's version; a supervisor of another one is replaced. */
  readonly version: string;
  /** First restart delay in milliseconds, for tests. */
  readonly firstDelayMs?: number;
}

const startLimitMs = 15_000;
const lookEveryMs = 25;

/**
 * Connects to the project's supervisor. None there: starts one, detached. One of another Bulkhead version: ends it,
 * leaving its units running, and starts ours, which adopts them. Any number of commands may do this at once: the
 * supervisors themselves settle who stays. Throws ToolError SUPERVISOR_FAILED when none answers in time.
 */
export async function ensureSupervisor(place: SupervisorPlace, signal: AbortSignal): Promise<SupervisorClient> {
  signal.throwIfAborted();
  const present = await connectSupervisor(place.socketPath, { signal });
  if (present?.hello.version === place.version) return present;
  await present?.shutdown("keep", signal).catch((error: unknown) => {
    // Another command may have replaced it in the same moment.
    if (signal.aborted) throw error;
  });
  return startSupervisor(place, signal);
}

async function startSupervisor(place: SupervisorPlace, signal: AbortSignal): Promise<SupervisorClient> {
  mkdirSync(place.stateDirectory, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(place.socketPath), { recursive: true, mode: 0o700 });
  const started = spawnSupervisor(place);
  const deadline = performance.now() + startLimitMs;
  for (;;) {
    signal.throwIfAborted();
    const client = await connectSupervisor(place.socketPath, { timeoutMs: 1000, signal });
    if (client !== undefined) {
      // Ours may still be on its way up: it would find the place free once this one was told to leave.
      if (client.hello.pid !== started.pid) started.end();
      return client;
    }
    const failure = started.failure();
    if (failure !== undefined || performance.now() >= deadline) throw notStarted(place, failure);
    await sleep(lookEveryMs, undefined, { signal });
  }
}

interface StartedSupervisor {
  readonly pid: number | undefined;
  readonly failure: () => string | undefined;
  readonly end: () => void;
}

function spawnSupervisor(place: SupervisorPlace): StartedSupervisor {
  const log = openSync(statePaths(place.stateDirectory).supervisorLog, "a", 0o600);
  let failure: string | undefined;
  try {
    const child = spawn(
      process.execPath,
      [
        ...supervisorFlags,
        place.entry,
        "--state",
        place.stateDirectory,
        "--socket",
        place.socketPath,
        "--wrapper",
        place.wrapper,
        "--version",
        place.version,
        ...(place.firstDelayMs === undefined ? [] : ["--first-delay", String(place.firstDelayMs)]),
      ],
      {
        cwd: "/",
        detached: true,
        env: { PATH: "/usr/bin:/bin", UV_THREADPOOL_SIZE: "1" },
        stdio: ["ignore", log, log],
      },
    );
    child.once("error", (error) => (failure = error.message));
    // 0: another supervisor was there first.
    child.once("exit", (code, signalName) => {
      if (code !== 0) failure = `it ended with ${code ?? signalName}`;
    });
    child.unref();
    return { pid: child.pid, failure: () => failure, end: () => child.kill() };
  } finally {
    closeSync(log);
  }
}

/** The supervisor computes next to nothing and keeps little: a small young generation, and an end to any leak. */
const supervisorFlags = ["--max-semi-space-size=1", "--max-old-space-size=64"];

function notStarted(place: SupervisorPlace, failure: string | undefined): ToolError {
  const { claims, supervisorLog } = statePaths(place.stateDirectory);
  const holder = findSupervisor(claims);
  if (holder !== undefined) {
    return new ToolError("SUPERVISOR_FAILED", `This project's supervisor (process ${holder.pid}) does not answer.`, {
      hint: `End it and run the command again; the services keep running: kill -9 ${holder.pid}`,
      detail: { pid: holder.pid },
    });
  }
  const lastLines = readTail(supervisorLog);
  return new ToolError(
    "SUPERVISOR_FAILED",
    `The supervisor could not be started: ${failure ?? `no answer on ${place.socketPath}`}.`,
    { hint: `Its own log is ${supervisorLog}.`, detail: { lastLines } },
  );
}

function readTail(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").trimEnd().split("\n").slice(-20);
  } catch {
    return [];
  }
}
