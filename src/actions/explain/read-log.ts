import { ToolError } from "../../core/tool-error.ts";
import type { ActionContext } from "../context.ts";

/**
 * The pieces of a log; `-` is standard input. Ends with the signal's reason when the command is interrupted, also while it
 * waits for more. Throws ToolError COMMAND_USAGE for what cannot be read.
 *
 * @param from offset of the first byte
 */
export async function* readLog(
  { ports, signal }: Pick<ActionContext, "ports" | "signal">,
  path: string,
  from = 0,
): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true, signal: over.signal });
  });
  // Nobody may be waiting for it when it comes.
  aborted.catch(() => undefined);
  const chunks = await readable(path, async () => (await ports.files.readChunks(path, from))[Symbol.asyncIterator]());
  try {
    for (;;) {
      const next = await Promise.race([readable(path, () => chunks.next()), aborted]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    over.abort();
    // Not awaited: standard input may never say that it ended.
    void chunks.return?.();
  }
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ToolError("COMMAND_USAGE", `${path} cannot be read: ${reason}.`, {
      hint: "bulkhead explain FILE",
      detail: { path },
      cause: error,
    });
  }
}
