import { Duplex } from "node:stream";
import type { Processes } from "../ports/processes.ts";
import { startRunningChild, type RunningChild } from "./running-child.ts";

/**
 * `Processes.converse`. The line has what PostgreSQL's driver asks of a socket besides: `connect`, answered with the event
 * of that name when the process runs, and settings that mean nothing here.
 */
export const converse: Processes["converse"] = (request) => {
  let child: RunningChild | undefined;
  const start = async (ready: (error?: Error) => void): Promise<void> => {
    try {
      child = await startRunningChild(request, { stdin: true, stdout: true });
    } catch (error) {
      ready(error as Error);
      return;
    }
    followOutput(line, child);
    ready();
    line.emit("connect");
  };
  const line = new Duplex({
    construct: (ready) => void start(ready),
    read: () => child?.stdout?.resume(),
    // What could not be written because the process ended is told by its exit code.
    write: (chunk: Buffer, _encoding, written) => child?.stdin?.write(chunk, () => written()),
    final: (ended) => {
      child?.stdin?.end();
      ended();
    },
    destroy: (error, destroyed) => {
      child?.end();
      destroyed(error);
    },
  });
  const settings = ["connect", "setNoDelay", "setKeepAlive", "setTimeout", "ref", "unref"];
  return Object.assign(line, Object.fromEntries(settings.map((name) => [name, () => line])));
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
