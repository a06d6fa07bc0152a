import type { ServerAccess } from "../ports/server-access.ts";
import type { SqlSession } from "../ports/sql.ts";

/**
 * What a session may take: a query 30 s, a lock that a migration holds 1 s. Both are longer than any query here needs.
 * Names are printed with their schema, and no function of the database's own can stand for one of PostgreSQL's.
 */
const SETTINGS = {
  default_transaction_read_only: "on",
  statement_timeout: "30s",
  lock_timeout: "1s",
  search_path: "pg_catalog",
};

/** Compiling a query on the catalogs takes longer than running it. PostgreSQL 10 has none of it. */
const WITHOUT_JIT = `case when current_setting('server_version_num')::int >= 110000
  then set_config('jit', 'off', false) end`;

/** A session that can change nothing and holds nobody up. Throws as `access.connect` does. */
export async function openReadSession(
  access: Pick<ServerAccess, "connect">,
  database: string,
  signal: AbortSignal,
): Promise<SqlSession> {
  const session = await access.connect(database, signal);
  const names = Object.keys(SETTINGS);
  const calls = names.map((name, at) => `set_config('${name}', $${at + 1}, false)`);
  try {
    await session.query(`select ${calls.join(", ")}, ${WITHOUT_JIT}`, Object.values(SETTINGS));
  } catch (error) {
    await session.close();
    throw error;
  }
  return session;
}
