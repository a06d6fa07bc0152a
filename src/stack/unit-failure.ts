import type { ToolError } from "../core/tool-error.ts";
import type { Ports } from "../ports/ports.ts";
import { serviceFailure } from "./service-failure.ts";

/** How a unit failed, by what its log says from `logFrom` on. */
export async function unitFailure(
  files: Ports["files"],
  failure: { readonly service: string; readonly what: string; readonly logFile: string; readonly logFrom: number },
): Promise<ToolError> {
  return serviceFailure(failure.service, failure.what, await readEnd(files, failure.logFile, failure.logFrom));
}

/** The size of a log now: what comes after belongs to the next start. */
export async function logSize(files: Ports["files"], path: string): Promise<number> {
  return (await files.stat(path))?.size ?? 0;
}

async function readEnd(files: Ports["files"], path: string, from: number): Promise<string> {
  if (!(await files.exists(path))) return "";
  const bytes = await files.readBytes(path);
  // A start may rotate the log; then all of it is new.
  const start = from <= bytes.length ? from : 0;
  return new TextDecoder().decode(bytes.slice(Math.max(start, bytes.length - 256 * 1024)));
}
