import type { SqlSession } from "../../ports/sql.ts";
import { isInPlace } from "./find-database.ts";
import { inDatabase } from "./in-database.ts";
import type { SplitContext } from "./split-context.ts";
import type { CopyRef } from "./split-steps.ts";

/** Works in a copy that is in the making. Its settings may be read-only, or name another schema: ours are our own. */
export function inCopy<T>(
  context: SplitContext,
  { work }: CopyRef,
  act: (session: SqlSession) => Promise<T>,
): Promise<T> {
  return inDatabase(context, work, async (session) => {
    await session.query("SET default_transaction_read_only = off; SET search_path = pg_catalog");
    return act(session);
  });
}

export function isCopyInPlace(context: SplitContext, copy: CopyRef): Promise<boolean> {
  return inDatabase(context, context.maintenance, (session) => isInPlace(context, session, copy));
}
