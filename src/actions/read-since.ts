import { ToolError } from "../core/tool-error.ts";
import { parseSince } from "../stack/run-marks.ts";

/** The time a `--since` means, undefined when it was not given. Throws ToolError COMMAND_USAGE for what is no time. */
export function readSince(text: string | undefined, now: number, command: string): number | undefined {
  if (text === undefined) return undefined;
  const since = parseSince(text, now);
  if (since !== undefined) return since;
  throw new ToolError("COMMAND_USAGE", `--since takes a duration or a time, not ${JSON.stringify(text)}.`, {
    hint: `bulkhead ${command} --since 10m, or: --since 2026-01-31T12:00:00Z`,
  });
}
