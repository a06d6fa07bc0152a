import { quoteName } from "../../quote-sql.ts";
import { endSessions } from "../end-sessions.ts";
import { findByName } from "../find-database.ts";
import { inDatabase } from "../in-database.ts";
import type { SplitKind } from "../split-steps.ts";

/** Removes a copy that another server has by now. The original has everything it had. */
export const dropCopy: SplitKind<"drop-copy"> = {
  isDone: (context, { copy }) =>
    inDatabase(context, context.maintenance, async (session) => (await findByName(session, copy.work)) === undefined),
  apply: (context, { copy }) =>
    inDatabase(context, context.maintenance, async (session) => {
      await endSessions(context, session, copy.work, true);
      await session.query(`DROP DATABASE IF EXISTS ${quoteName(copy.work)}`);
    }),
};
