import { ToolError } from "../../core/tool-error.ts";
import type { SqlSession } from "../../ports/sql.ts";
import type { SplitContext } from "./split-context.ts";

/** Sessions of ours are known by this name, whichever process opened them. */
export const ownApplication = "bulkhead";

/** A session that was told to end does so at once, but for a machine that is very busy. */
const waitMs = 60_000;

/**
 * Resolves when nobody is in the database any more. Sessions of our own, which a killed process may have left, are ended;
 * those of others too with `terminate`, else they are named: ToolError POSTGRES_FAILED.
 */
export async function endSessions(
  { io, signal }: Pick<SplitContext, "io" | "signal">,
  session: SqlSession,
  database: string,
  terminate: boolean,
): Promise<void> {
  const until = io.clock.now() + waitMs;
  for (;;) {
    const rows = await session.query(sessionsQuery, [database]);
    if (rows.length === 0) return;
    const late = io.clock.now() >= until;
    const foreign = rows.filter((row) => !String(row["application"]).startsWith(ownApplication));
    if (late || (foreign.length > 0 && !terminate)) throw inUse(database, late ? rows : foreign);
    await session.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()
       AND backend_type = 'client backend' AND ($2 OR application_name LIKE '${ownApplication}%')`,
      [database, terminate],
    );
    await io.clock.sleep(50, signal);
  }
}

const sessionsQuery = `
SELECT pid, usename AS role, application_name AS application, coalesce(host(client_addr), 'a local socket') AS address,
  coalesce(state, '') AS state
FROM pg_stat_activity
WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type NOT LIKE 'autovacuum%' ORDER BY pid`;

function inUse(database: string, rows: Awaited<ReturnType<SqlSession["query"]>>): ToolError {
  const named = rows.map((row) => {
    const application = row["application"] === "" ? "" : `, ${String(row["application"])}`;
    return `pid ${String(row["pid"])} (${String(row["role"])}${application}, from ${String(row["address"])})`;
  });
  const shown = named.slice(0, 5).join("; ");
  const more = named.length > 5 ? `; and ${named.length - 5} more` : "";
  return new ToolError("POSTGRES_FAILED", `${database} is in use: ${shown}${more}.`, {
    hint: "End these sessions and repeat the command, or let it end them: bulkhead db split --terminate",
    detail: {
      database,
      sessions: rows.map((row) => ({ pid: row["pid"], role: row["role"], application: row["application"] })),
    },
    exitCode: 1,
  });
}
