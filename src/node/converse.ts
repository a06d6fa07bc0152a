import { Duplex } from "node:stream";
import type { Processes } from "../ports/processes.ts";
import { startRunningChild, type RunningChild } from "./running-child.ts";

/**
 * `Processes.converse`. The line has what PostgreSQL's driver asks of a socket besides: `connect`, answered with the event
 * of that name, and settings that mean nothing here.
 */
export const converse: Processes["converse"] = async (request) => {
  const child = await startRunningChild(request, { stdin: true, stdout: true });
  const line = new Duplex({
    read: () => child.stdout?.resume(),
    // What could not be written because the process ended is told by its exit code.
    write: (chunk: Buffer, _encoding, written) => child.stdin?.write(chunk, () => written()),
    final: (ended) => {
      child.stdin?.end();
      ended();
    },
    destroy: (error, destroyed) => {
      child.end();
      destroyed(error);
    },
  });
  followOutput(line, child);
  const settings = ["setNoDelay", "setKeepAlive", "setTimeout", "ref", "unref"];
  return Object.assign(line, Object.fromEntries(settings.map((name) => [name, () => line])), {
    connect: () => process.nextTick(() => line.emit("connect")),
  });
};

function followOutput(line: Duplex, child: RunningChild): void {
  child.stdout?.on("data", (chunk: Buffer) => {
    if (!line.push(chunk)) child.stdout?.pause();
  });
  void child.result.then(({ exitCode, stderr }) => {
    if (line.destroyed) return;
    if (exitCode === 0) line.push(null);
    else line.destroy(new Error(stderr.trim().split("\n").at(-1) || `ended with exit code ${exitCode ?? "unknown"}`));
  });
}
