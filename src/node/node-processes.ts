import { spawn } from "node:child_process";
import { open } from "node:fs/promises";
import { constants } from "node:os";
import type { Processes, RunRequest, RunResult } from "../ports/processes.ts";
import { converse } from "./converse.ts";
import { errorCode } from "./error-code.ts";
import { pipeProcesses } from "./pipe-processes.ts";
import { signalGroup } from "./process-group.ts";
import { processStartTime } from "./process-start-time.ts";
import { childPlacement, childSpawned, startRunningChild } from "./running-child.ts";

/** Time between TERM and KILL for a command that is to end. */
const GRACE_MS = 5000;

/** Child processes of this process. */
export const nodeProcesses: Processes = {
  run,
  pipe: pipeProcesses,
  converse,
  runAttached,
  async startDetached({ argv, cwd, env, logFile }) {
    const log = await open(logFile, "a", 0o600);
    try {
      const [program, ...args] = argv;
      const child = spawn(program, args, {
        cwd,
        env,
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
      });
      const pid = await childSpawned(child);
      child.unref();
      // A child that ended at once has no start time left to read; no process ever matches "".
      return { pid, startTime: (await processStartTime(pid)) ?? "" };
    } finally {
      await log.close();
    }
  },
  async identify(pid) {
    const startTime = await processStartTime(pid);
    return startTime === undefined ? undefined : { pid, startTime };
  },
  async isSame(identity) {
    return (await processStartTime(identity.pid)) === identity.startTime;
  },
  async kill(identity, signalName, options = {}) {
    const startTime = await processStartTime(identity.pid);
    if (startTime !== undefined && startTime !== identity.startTime) return;
    if (options.group === true) {
      // Without its leader the group may live on; its number is not given to a new process until it is empty.
      signalGroup(identity.pid, signalName);
      return;
    }
    if (startTime === undefined) return;
    try {
      process.kill(identity.pid, signalName);
    } catch (error) {
      if (errorCode(error) !== "ESRCH") throw error;
    }
  },
};

async function run(request: RunRequest): Promise<RunResult> {
  return (await startRunningChild(request)).result;
}

async function runAttached(request: Parameters<Processes["runAttached"]>[0]): Promise<number> {
  request.signal?.throwIfAborted();
  const [program, ...args] = request.argv;
  // In our own group: only the terminal's foreground group may read from it.
  const child = spawn(program, args, { ...childPlacement(request), stdio: "inherit" });
  const exited = new Promise<number>((resolve) =>
    child.once("exit", (code, signalName) => resolve(code ?? 128 + constants.signals[signalName ?? "SIGKILL"])),
  );
  await childSpawned(child);
  let killTimer: NodeJS.Timeout | undefined;
  const end = (): void => {
    child.kill("SIGTERM");
    killTimer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  };
  request.signal?.addEventListener("abort", end, { once: true });
  if (request.signal?.aborted === true) end();
  try {
    return await exited;
  } finally {
    clearTimeout(killTimer);
    request.signal?.removeEventListener("abort", end);
  }
}
