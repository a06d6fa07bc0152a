import { spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { open } from "node:fs/promises";
import { constants } from "node:os";
import { StringDecoder } from "node:string_decoder";
import type { Processes, RunRequest, RunResult } from "../ports/processes.ts";
import { errorCode } from "./error-code.ts";
import { endGroup, isGroupAlive, signalGroup } from "./process-group.ts";
import { processStartTime } from "./process-start-time.ts";

/** Time between TERM and KILL for a command that is to end. */
const GRACE_MS = 5000;
/** How long output may still come after the command and its group ended (a daemon that left the group holds the pipe). */
const OUTPUT_AFTER_END_MS = 500;

/** Child processes of this process. */
export const nodeProcesses: Processes = {
  run,
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
      const pid = await spawned(child);
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
  request.signal?.throwIfAborted();
  const [program, ...args] = request.argv;
  const child = spawn(program, args, {
    ...placement(request),
    detached: true,
    stdio: [request.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const stdout = collect(child.stdout, "stdout", request.onLine);
  const stderr = collect(child.stderr, "stderr", request.onLine);
  const exited = new Promise<{ code: number | null; signalName: string | null }>((resolve) =>
    child.once("exit", (code, signalName) => resolve({ code, signalName })),
  );
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const group = await spawned(child);
  // The command may end without reading its input.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(request.input);

  let timedOut = false;
  let ending: Promise<void> | undefined;
  const end = (): void => {
    ending ??= endGroup(group, GRACE_MS);
  };
  const timer =
    request.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          end();
        }, request.timeoutMs);
  request.signal?.addEventListener("abort", end, { once: true });
  if (request.signal?.aborted === true) end();
  try {
    const { code, signalName } = await exited;
    if (ending === undefined && (await isGroupAlive(group))) end();
    await ending;
    const late = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, OUTPUT_AFTER_END_MS);
    await closed;
    clearTimeout(late);
    return {
      exitCode: code ?? undefined,
      signalName: signalName ?? undefined,
      timedOut,
      stdout: stdout(),
      stderr: stderr(),
    };
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", end);
  }
}

async function runAttached(request: Parameters<Processes["runAttached"]>[0]): Promise<number> {
  request.signal?.throwIfAborted();
  const [program, ...args] = request.argv;
  // In our own group: only the terminal's foreground group may read from it.
  const child = spawn(program, args, { ...placement(request), stdio: "inherit" });
  const exited = new Promise<number>((resolve) =>
    child.once("exit", (code, signalName) => resolve(code ?? 128 + constants.signals[signalName ?? "SIGKILL"])),
  );
  await spawned(child);
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

function placement(request: Pick<RunRequest, "cwd" | "env" | "owner">): SpawnOptions {
  return {
    env: request.env,
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
    ...(request.owner === undefined ? {} : { uid: request.owner.uid, gid: request.owner.gid }),
  };
}

function spawned(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => {
      child.off("error", reject);
      child.on("error", () => undefined);
      resolve(child.pid as number);
    });
  });
}

/** Gathers a stream's text and reports its lines; the last one also without its newline. */
function collect(
  stream: NodeJS.ReadableStream | null,
  name: "stdout" | "stderr",
  onLine: RunRequest["onLine"],
): () => string {
  const decoder = new StringDecoder("utf8");
  const parts: string[] = [];
  let rest = "";
  const take = (text: string): void => {
    if (text === "") return;
    parts.push(text);
    if (onLine === undefined) return;
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line.replace(/\r$/, ""), name);
  };
  stream?.on("data", (chunk: Buffer) => take(decoder.write(chunk)));
  stream?.on("close", () => {
    take(decoder.end());
    if (rest !== "") onLine?.(rest.replace(/\r$/, ""), name);
  });
  stream?.on("error", () => undefined);
  return () => parts.join("");
}
