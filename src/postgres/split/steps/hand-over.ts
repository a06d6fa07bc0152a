import { inCopy, isCopyInPlace } from "../in-copy.ts";
import { inDatabase } from "../in-database.ts";
import type { SqlSession } from "../../../ports/sql.ts";
import type { SplitKind } from "../split-steps.ts";

/**
 * Gives a copy's objects to the application's own role, one by one: REASSIGN OWNED BY refuses the bootstrap superuser,
 * and takes the objects of other databases along.
 */
export const handOver: SplitKind<"hand-over"> = {
  isDone: async (context, { copy, service }) => service === null && isCopyInPlace(context, copy),
  apply: async (context, { copy, service, alters }) => {
    const give = async (session: SqlSession): Promise<void> => {
      for (const statement of alters) await session.query(statement);
    };
    if (service === null) return inCopy(context, copy, give);
    return inDatabase({ ...context, server: await context.target(service) }, copy.final, give);
  },
};
