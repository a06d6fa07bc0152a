import type { SqlSession } from "../../../ports/sql.ts";
import { quoteName } from "../../quote-sql.ts";
import { endSessions } from "../end-sessions.ts";
import { findByOid } from "../find-database.ts";
import { inDatabase } from "../in-database.ts";
import type { SplitKind } from "../split-steps.ts";

/**
 * Lets nobody into the database, superusers neither, and waits until nobody is in it: a copy of it, and a new name, need
 * that. Once it was set aside under another name it is open again.
 */
export const closeDatabase: SplitKind<"close-database"> = {
  isDone: (context, { oid, name }) =>
    inDatabase(context, context.maintenance, async (session) => {
      const found = await findByOid(session, oid);
      if (found?.name !== name) return true;
      const [busy] = await session.query("SELECT FROM pg_stat_activity WHERE datname = $1 LIMIT 1", [name]);
      return !found.allowsConnections && busy === undefined;
    }),
  apply: (context, { name, terminate }) =>
    inDatabase(context, context.maintenance, async (session) => {
      // Before it is closed: what is refused changes nothing.
      await endSessions(context, session, name, terminate);
      await allow(session, name, false);
      await endSessions(context, session, name, terminate);
    }),
  undo: (context, { oid, name, allowed }) =>
    inDatabase(context, context.maintenance, async (session) => {
      const found = await findByOid(session, oid);
      if (found?.name === name && found.allowsConnections !== allowed) await allow(session, name, allowed);
    }),
};

async function allow(session: SqlSession, database: string, allowed: boolean): Promise<void> {
  await session.query(`ALTER DATABASE ${quoteName(database)} ALLOW_CONNECTIONS ${allowed}`);
}
