import { ToolError } from "../../core/tool-error.ts";
import type { SqlRow } from "../../ports/sql.ts";

/** Who is in the database $1, this session aside. */
export const sessionsQuery = `
SELECT pid, usename AS role, application_name AS application FROM pg_stat_activity
WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY pid`;

/** Says who is in a database that has to be renamed. */
export function inUse(server: string, database: string, rows: readonly SqlRow[]): ToolError {
  const named = rows.slice(0, 5).map((row) => {
    const application = row["application"] === "" ? "" : `, ${String(row["application"])}`;
    return `pid ${String(row["pid"])} (${String(row["role"])}${application})`;
  });
  const more = rows.length > 5 ? ` and ${rows.length - 5} more` : "";
  return new ToolError("POSTGRES_FAILED", `${database} on ${server} is in use: ${named.join(", ")}${more}.`, {
    hint: "Nothing was changed. End these sessions and repeat the command.",
    detail: { server, database, sessions: rows.length },
    exitCode: 1,
  });
}
