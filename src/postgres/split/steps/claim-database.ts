import { quoteName, quoteText } from "../../quote-sql.ts";
import { findByOid } from "../find-database.ts";
import { inDatabase } from "../in-database.ts";
import type { SplitContext } from "../split-context.ts";
import type { SplitKind } from "../split-steps.ts";

/** The database's comment names the journal of the plan that is open. */
export const claimDatabase: SplitKind<"claim-database"> = {
  isDone: (context, { oid, mark }) => hasComment(context, oid, mark),
  apply: (context, { oid, mark }) => setComment(context, oid, mark),
  undo: (context, { oid, comment }) => setComment(context, oid, comment),
};

function hasComment(context: SplitContext, oid: number, comment: string): Promise<boolean> {
  return inDatabase(
    context,
    context.maintenance,
    async (session) => (await findByOid(session, oid))?.comment === comment,
  );
}

async function setComment(context: SplitContext, oid: number, comment: string | null): Promise<void> {
  await inDatabase(context, context.maintenance, async (session) => {
    const found = await findByOid(session, oid);
    if (found === undefined) throw new Error(`there is no database of oid ${oid} any more`);
    await session.query(
      `COMMENT ON DATABASE ${quoteName(found.name)} IS ${comment === null ? "NULL" : quoteText(comment)}`,
    );
  });
}
