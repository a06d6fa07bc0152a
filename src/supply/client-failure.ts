import { ToolError } from "../core/tool-error.ts";
import type { RunResult } from "../ports/processes.ts";
import type { ClientProgram } from "../ports/server-access.ts";

/** What a client program that failed says of it. DISK_FULL where its own disk or the server's is full. */
export function clientFailure(label: string, program: ClientProgram, result: RunResult): ToolError {
  const line = reasonLine(result.stderr) ?? `ended by ${result.signalName ?? `exit code ${String(result.exitCode)}`}`;
  const message = `${program} on ${label} failed: ${line}`;
  const detail = { program, server: label };
  if (/No space left on device/.test(result.stderr)) {
    return new ToolError("DISK_FULL", message, { hint: "Free some space and repeat the command: df -h", detail });
  }
  const isLost = /server closed the connection|connection to server .* failed|could not connect/.test(line);
  return new ToolError(isLost ? "POSTGRES_UNREACHABLE" : "POSTGRES_FAILED", message, { detail, exitCode: 1 });
}

/**
 * The first line that tells an error: what follows it are its details or consequences. `pg_restore: error: could not execute
 * query: ERROR: ...` has the statement in the lines below.
 */
function reasonLine(stderr: string): string | undefined {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const told = lines.find((line) => /\b(error|FATAL|ERROR|PANIC):/.test(line)) ?? lines.at(-1);
  return told?.replace(/^\w+: (error: )?/, "").trim();
}
