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
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* await ports.files.readChunks(path, { from, signal });
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new ToolError("COMMAND_USAGE", `${path} cannot be read: ${reason}.`, {
      hint: "bulkhead explain FILE",
      detail: { path },
      cause: error,
    });
  }
}
