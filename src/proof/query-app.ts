import { isSqlFailure, type Sql, type SqlSession, type SqlTarget } from "../ports/sql.ts";

/** Works with one database session and closes it. Throws the reason when the login does not work. */
export async function queryApp<T>(sql: Sql, target: SqlTarget, work: (session: SqlSession) => Promise<T>): Promise<T> {
  const session = await sql.connect({ connectTimeoutMs: 5_000, ...target });
  if (isSqlFailure(session)) throw new Error(session.reason);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
