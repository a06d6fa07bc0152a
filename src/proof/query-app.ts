import { isSqlFailure, type Sql, type SqlSession, type SqlTarget } from "../ports/sql.ts";

/** Works with one session on an app's database and closes it. Throws the reason when the login does not work. */
export async function queryApp<T>(
  sql: Sql,
  target: SqlTarget | undefined,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  if (target === undefined) throw new Error("its database is no PostgreSQL of this project");
  const session = await sql.connect({ connectTimeoutMs: 5_000, ...target });
  if (isSqlFailure(session)) throw new Error(session.reason);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
