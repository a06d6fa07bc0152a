import { isSqlFailure, type Sql, type SqlTarget } from "../ports/sql.ts";
import { fine, notYet, type ProbeOutcome } from "./probe-outcome.ts";

/** Logs in as a connection's role and reads. A refused password, role or database does not heal by waiting. */
export async function probeRoleLogin(sql: Sql, target: SqlTarget): Promise<ProbeOutcome> {
  const session = await sql.connect({ connectTimeoutMs: 3_000, ...target });
  if (isSqlFailure(session)) {
    const where = `${target.user}@${target.host}:${target.port}/${target.database}`;
    switch (session.failure) {
      case "password":
      case "role":
      case "database":
        return { state: "fault", reason: `${where}: ${session.reason}`, cause: session.failure };
      case "refused":
      case "unresolved":
      case "timeout":
      case "tls":
      case "starting":
      case "permission":
      case "other":
        return notYet(session.reason);
    }
  }
  try {
    const rows = await session.query(
      "select current_database() as database, current_user as role, current_setting('server_version') as version",
    );
    return fine(
      `${String(rows[0]?.["role"])} reads ${String(rows[0]?.["database"])} (PostgreSQL ${String(rows[0]?.["version"])})`,
    );
  } catch (error) {
    return notYet(error instanceof Error ? error.message : String(error));
  } finally {
    await session.close();
  }
}
