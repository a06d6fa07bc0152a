import { once } from "node:events";
import type { Processes } from "../ports/processes.ts";
import { startRunningChild, type RunningChild } from "./running-child.ts";

/**
 * `Processes.pipe`. The bytes pass through this process, because only so can the end of the first program's output be held
 * back until its exit code is known: a program that reads half an input must not take it for the whole.
 */
export const pipeProcesses: Processes["pipe"] = async (from, into, onBytes) => {
  const reader = await startRunningChild(into, { stdin: true });
  let writer: RunningChild;
  try {
    writer = await startRunningChild(from, { stdout: true });
  } catch (error) {
    reader.end();
    await reader.result;
    throw error;
  }
  const passed = pass(writer, reader, onBytes);
  const [first, second, failed] = await Promise.all([writer.result, reader.result, passed]);
  return { from: first, into: second, failed: failed ?? (second.exitCode === 0 ? undefined : "into") };
};

/** Gives the one that failed before the other had read or written all. */
async function pass(
  writer: RunningChild,
  reader: RunningChild,
  onBytes?: (total: number) => void,
): Promise<"from" | "into" | undefined> {
  const { stdout } = writer;
  const { stdin } = reader;
  if (stdout === null || stdin === null) throw new Error("a pipe without ends");
  // A reader that failed leaves the writer nothing to write to. One that ended well had all that it needed (pg_restore does
  // not wait for the end of an archive): the writer is heard to its end, whose exit code is not known yet.
  let isReaderOver = false;
  const over = reader.exited.then(() => (isReaderOver = true));
  const refused = new Promise<"refused">((resolve) => {
    void reader.exited.then(({ code }) => {
      if (code === 0) return;
      stdout.destroy();
      resolve("refused");
    });
  });
  let total = 0;
  try {
    for await (const chunk of stdout as AsyncIterable<Buffer>) {
      total += chunk.length;
      onBytes?.(total);
      if (!isReaderOver && !stdin.write(chunk)) await Promise.race([once(stdin, "drain"), over]);
    }
  } catch {
    // Destroyed by the reader's failure; the exit codes tell.
  }
  const ended = await Promise.race([writer.exited, refused]);
  if (ended === "refused") {
    writer.end();
    return "into";
  }
  if (ended.code === 0) {
    stdin.end();
    return undefined;
  }
  reader.end();
  return "from";
}
