import { isSqlFailure, type Sql, type SqlSession } from "../ports/sql.ts";

/** An `Sql` for asking one server the same thing again and again. `end` closes what it keeps; nothing is kept after it. */
export interface ReusingSql extends Sql {
  end(): Promise<void>;
}

/**
 * Keeps the session that was closed last for the next login to the same place. A login costs server and client about
 * 10 ms of processor each, several times a second while applications start. A session that failed is not kept.
 */
export function reuseSession(sql: Sql): ReusingSql {
  let kept: { readonly place: string; readonly session: SqlSession } | undefined;
  let hasEnded = false;
  const drop = async (): Promise<void> => {
    const last = kept?.session;
    kept = undefined;
    await last?.close();
  };
  return {
    end: () => {
      hasEnded = true;
      return drop();
    },
    async connect(target) {
      const place = JSON.stringify([target.host, target.port, target.user, target.database, target.password]);
      if (kept !== undefined && kept.place !== place) await drop();
      const session = kept?.session ?? (await sql.connect(target));
      kept = undefined;
      if (isSqlFailure(session)) return session;
      let isBroken = false;
      return {
        async query(text, values) {
          try {
            return await session.query(text, values);
          } catch (error) {
            isBroken = true;
            throw error;
          }
        },
        async close() {
          if (isBroken || hasEnded || kept !== undefined) return session.close();
          kept = { place, session };
        },
      };
    },
  };
}
