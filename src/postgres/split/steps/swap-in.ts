import { quoteName } from "../../quote-sql.ts";
import { endSessions } from "../end-sessions.ts";
import { findCopy } from "../find-database.ts";
import { inDatabase, inTransaction } from "../in-database.ts";
import type { SplitKind } from "../split-steps.ts";

/** All verified copies get their final names at once. */
export const swapIn: SplitKind<"swap-in"> = {
  isDone: (context, { copies }) =>
    inDatabase(context, context.maintenance, async (session) => {
      const found = await Promise.all(copies.map(async (copy) => (await findCopy(context, session, copy))?.name));
      return copies.every(({ final }, at) => found[at] === final);
    }),
  apply: (context, { copies }) =>
    inDatabase(context, context.maintenance, async (session) => {
      for (const { work } of copies) await endSessions(context, session, work, true);
      await inTransaction(session, async () => {
        for (const { work, final } of copies) {
          await session.query(`ALTER DATABASE ${quoteName(work)} RENAME TO ${quoteName(final)}`);
        }
      });
    }),
  undo: (context, { copies }) =>
    inDatabase(context, context.maintenance, async (session) => {
      for (const copy of copies) {
        const found = await findCopy(context, session, copy);
        if (found === undefined || found.name === copy.work) continue;
        // Who works in it writes into what is about to go.
        await session.query(`ALTER DATABASE ${quoteName(found.name)} ALLOW_CONNECTIONS false`);
        await endSessions(context, session, found.name, true);
        await inTransaction(session, async () => {
          await session.query(`ALTER DATABASE ${quoteName(found.name)} RENAME TO ${quoteName(copy.work)}`);
        });
      }
    }),
};
