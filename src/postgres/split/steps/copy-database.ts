import { quoteName } from "../../quote-sql.ts";
import { endSessions } from "../end-sessions.ts";
import { findByName, findByOid, isInPlace } from "../find-database.ts";
import { inDatabase } from "../in-database.ts";
import type { SplitKind } from "../split-steps.ts";

/** A copy of the whole database, made by the server itself; nobody else is let into it. */
export const copyDatabase: SplitKind<"copy-database"> = {
  isDone: (context, { copy }) =>
    inDatabase(
      context,
      context.maintenance,
      async (session) =>
        (await findByName(session, copy.work)) !== undefined || (await isInPlace(context, session, copy)),
    ),
  apply: (context, { oid, copy, strategy, owner, empty }) =>
    inDatabase(context, context.maintenance, async (session) => {
      const original = await findByOid(session, oid);
      if (original === undefined) throw new Error(`there is no database of oid ${oid} any more`);
      const how = strategy === null ? "" : ` STRATEGY ${strategy}`;
      const from = empty ? "template1" : original.name;
      await session.query(
        `CREATE DATABASE ${quoteName(copy.work)} TEMPLATE ${quoteName(from)} OWNER ${quoteName(owner)}${empty ? "" : how}`,
      );
      await session.query(`REVOKE CONNECT ON DATABASE ${quoteName(copy.work)} FROM PUBLIC`);
    }),
  undo: (context, { copy }) =>
    inDatabase(context, context.maintenance, async (session) => {
      const made = await findByName(session, copy.work);
      if (made === undefined) return;
      await endSessions(context, session, copy.work, true);
      await session.query(`DROP DATABASE ${quoteName(copy.work)}`);
    }),
};
