import { spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { open, type FileHandle } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import type { Readable, Writable } from "node:stream";
import type { RunRequest, RunResult } from "../ports/processes.ts";
import { endGroup, isGroupAlive } from "./process-group.ts";

/** Time between TERM and KILL for a command that is to end. */
const GRACE_MS = 5000;
/** How long output may still come after the command and its group ended (a daemon that left the group holds the pipe). */
const OUTPUT_AFTER_END_MS = 500;

/** A command that was started: leader of its group, ended by time limit and signal. */
export interface RunningChild {
  /** Its input where a pipe was asked for. */
  readonly stdin: Writable | null;
  /** Its output where it was asked not to be collected. */
  readonly stdout: Readable | null;
  /** Resolves with its exit code when the leader has ended; its group and its output may go on. */
  readonly exited: Promise<{ readonly code: number | null; readonly signalName: string | null }>;
  /** Resolves when nothing of its group runs and its output is over. */
  readonly result: Promise<RunResult>;
  /** Ends the group: TERM, then KILL. */
  readonly end: () => void;
}

/** Starts a command. `keeps`: stdin or stdout are left to the caller as pipes. Rejects if it could not be started. */
export async function startRunningChild(
  request: RunRequest,
  keeps: { readonly stdin?: boolean; readonly stdout?: boolean } = {},
): Promise<RunningChild> {
  request.signal?.throwIfAborted();
  const handles: FileHandle[] = [];
  try {
    const child = await spawnWithFiles(request, keeps, handles);
    return followChild(child, request, keeps);
  } finally {
    // The child has its own copies.
    for (const handle of handles) await handle.close();
  }
}

async function spawnWithFiles(
  request: RunRequest,
  keeps: { readonly stdin?: boolean },
  handles: FileHandle[],
): Promise<ChildProcess> {
  const [program, ...args] = request.argv;
  const openFile = async (path: string, flags: string): Promise<number> => {
    const handle = await open(path, flags, 0o600);
    handles.push(handle);
    return handle.fd;
  };
  const input = request.inputFile === undefined ? undefined : await openFile(request.inputFile, "r");
  const output = request.outputFile === undefined ? undefined : await openFile(request.outputFile, "w");
  const wantsPipe = request.input !== undefined || keeps.stdin === true;
  const child = spawn(program, args, {
    ...childPlacement(request),
    detached: true,
    stdio: [input ?? (wantsPipe ? "pipe" : "ignore"), output ?? "pipe", "pipe"],
  });
  await childSpawned(child);
  return child;
}

function followChild(child: ChildProcess, request: RunRequest, keeps: { readonly stdout?: boolean }): RunningChild {
  const group = child.pid as number;
  const stdout = keeps.stdout === true ? () => "" : collect(child.stdout, "stdout", request.onLine);
  const stderr = collect(child.stderr, "stderr", request.onLine);
  const exited: RunningChild["exited"] = new Promise((resolve) =>
    child.once("exit", (code, signalName) => resolve({ code, signalName })),
  );
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  // The command may end without reading its input.
  child.stdin?.on("error", () => undefined);
  if (request.input !== undefined) child.stdin?.end(request.input);

  let timedOut = false;
  let ending: Promise<void> | undefined;
  let isOver = false;
  // Once it is over its number may be another group's.
  const end = (): void => {
    if (!isOver) ending ??= endGroup(group, GRACE_MS);
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

  const finish = async (): Promise<RunResult> => {
    try {
      const { code, signalName } = await exited;
      if (ending === undefined && (await isGroupAlive(group))) end();
      await ending;
      const late = setTimeout(() => {
        // What the caller reads itself it reads at its own speed.
        if (keeps.stdout !== true) child.stdout?.destroy();
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
      isOver = true;
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", end);
    }
  };
  return { stdin: child.stdin, stdout: child.stdout, exited, result: finish(), end };
}

export function childPlacement(request: Pick<RunRequest, "cwd" | "env" | "owner">): SpawnOptions {
  return {
    env: request.env,
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
    ...(request.owner === undefined ? {} : { uid: request.owner.uid, gid: request.owner.gid }),
  };
}

/** Resolves with the pid when it runs; rejects with Node's error when it could not be started. */
export function childSpawned(child: ChildProcess): Promise<number> {
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
function collect(stream: Readable | null, name: "stdout" | "stderr", onLine: RunRequest["onLine"]): () => string {
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
