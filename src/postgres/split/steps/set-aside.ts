import { quoteName, quoteText } from "../../quote-sql.ts";
import { endSessions } from "../end-sessions.ts";
import { findByOid } from "../find-database.ts";
import { inDatabase, inTransaction } from "../in-database.ts";
import type { SplitKind } from "../split-steps.ts";

/** The original under another name, for reading only: what the copies are compared with, and the way back. */
export const setAside: SplitKind<"set-aside"> = {
  isDone: (context, { oid, to }) =>
    inDatabase(context, context.maintenance, async (session) => (await findByOid(session, oid))?.name === to),
  apply: (context, { from, to }) =>
    inDatabase(context, context.maintenance, (session) =>
      inTransaction(session, async () => {
        await session.query(`ALTER DATABASE ${quoteName(from)} RENAME TO ${quoteName(to)}`);
        await session.query(`ALTER DATABASE ${quoteName(to)} SET default_transaction_read_only = on`);
        await session.query(`ALTER DATABASE ${quoteName(to)} ALLOW_CONNECTIONS true`);
      }),
    ),
  undo: (context, { oid, from, to, readOnly }) =>
    inDatabase(context, context.maintenance, async (session) => {
      if ((await findByOid(session, oid))?.name !== to) return;
      await endSessions(context, session, to, true);
      await inTransaction(session, async () => {
        const setting =
          readOnly === null
            ? "RESET default_transaction_read_only"
            : `SET default_transaction_read_only = ${quoteText(readOnly)}`;
        await session.query(`ALTER DATABASE ${quoteName(to)} ${setting}`);
        await session.query(`ALTER DATABASE ${quoteName(to)} ALLOW_CONNECTIONS false`);
        await session.query(`ALTER DATABASE ${quoteName(to)} RENAME TO ${quoteName(from)}`);
      });
    }),
};
