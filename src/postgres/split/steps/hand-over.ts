import { inCopy, isCopyInPlace } from "../in-copy.ts";
import type { SplitKind } from "../split-steps.ts";

/**
 * Gives a copy's objects to the application's own role, one by one: REASSIGN OWNED BY refuses the bootstrap superuser,
 * and takes the objects of other databases along.
 */
export const handOver: SplitKind<"hand-over"> = {
  isDone: (context, { copy }) => isCopyInPlace(context, copy),
  apply: (context, { copy, alters }) =>
    inCopy(context, copy, async (session) => {
      for (const statement of alters) await session.query(statement);
    }),
};
