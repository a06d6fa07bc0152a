import { ToolError } from "../core/tool-error.ts";
import type { Ports } from "../ports/ports.ts";
import { pickLastWords } from "./last-words.ts";

/** How a service failed, with the lines of its log that say why. Exit code 1: the stack is at fault. */
export async function unitFailure(
  files: Ports["files"],
  failure: { readonly service: string; readonly what: string; readonly logFile: string; readonly logFrom: number },
): Promise<ToolError> {
  const words = await readLastWords(files, failure.logFile, failure.logFrom);
  return new ToolError(
    "STACK_FAILED",
    [`${failure.service} ${failure.what}`, ...words.map((line) => `  ${line}`)].join("\n"),
    {
      hint: `bulkhead logs ${failure.service}\nbulkhead down`,
      exitCode: 1,
      detail: { service: failure.service, lastLines: words },
    },
  );
}

/** The size of a log now: what comes after belongs to the next start. */
export async function logSize(files: Ports["files"], path: string): Promise<number> {
  return (await files.stat(path))?.size ?? 0;
}

async function readLastWords(files: Ports["files"], path: string, from: number): Promise<readonly string[]> {
  if (!(await files.exists(path))) return [];
  const bytes = await files.readBytes(path);
  // A start may rotate the log; then all of it is new.
  const start = from <= bytes.length ? from : 0;
  return pickLastWords(new TextDecoder().decode(bytes.slice(Math.max(start, bytes.length - 256 * 1024))));
}
