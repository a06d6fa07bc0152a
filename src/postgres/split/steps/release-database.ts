import { quoteName, quoteText } from "../../quote-sql.ts";
import { findByOid, findCopy } from "../find-database.ts";
import { inDatabase, inTransaction } from "../in-database.ts";
import type { SplitKind } from "../split-steps.ts";

/** The databases' own comments, and on the kept original what it is: the plan is no longer open. */
export const releaseDatabase: SplitKind<"release-database"> = {
  isDone: (context, { oid, mark }) =>
    inDatabase(context, context.maintenance, async (session) => (await findByOid(session, oid))?.comment === mark),
  apply: (context, { oid, mark, copies }) =>
    inDatabase(context, context.maintenance, (session) =>
      inTransaction(session, async () => {
        for (const { copy, comment } of copies) {
          const found = await findCopy(context, session, copy);
          if (found === undefined) continue;
          const text = comment === null ? "NULL" : quoteText(comment);
          await session.query(`COMMENT ON DATABASE ${quoteName(found.name)} IS ${text}`);
        }
        const original = await findByOid(session, oid);
        if (original !== undefined) {
          await session.query(`COMMENT ON DATABASE ${quoteName(original.name)} IS ${quoteText(mark)}`);
        }
      }),
    ),
};
