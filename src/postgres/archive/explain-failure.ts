import { ToolError } from "../../core/tool-error.ts";
import { sqlStateOf } from "../sql-state-of.ts";

/** What a query that failed means for a backup or a restore; other errors as they are. SQLSTATE: manual, appendix A. */
export function explainFailure(error: unknown, what: string, label: string): unknown {
  const code = sqlStateOf(error);
  if (code === undefined || !(error instanceof Error)) return error;
  const message = `The ${what} on ${label} failed: ${error.message}.`;
  const more = { detail: { server: label, sqlState: code }, cause: error, exitCode: 1 } as const;
  if (/^08|^57P/.test(code)) {
    return new ToolError("POSTGRES_UNREACHABLE", message, {
      ...more,
      hint: "See whether the server runs, and its log.",
    });
  }
  if (code === "53100") {
    return new ToolError("DISK_FULL", message, {
      ...more,
      hint: "Make room where the server keeps its data, and repeat.",
    });
  }
  const hint =
    code === "55P03" ? { hint: "Somebody keeps a table locked: select * from pg_locks where not granted" } : {};
  return new ToolError("POSTGRES_FAILED", message, { ...more, ...hint });
}
