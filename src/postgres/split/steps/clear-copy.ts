import { inCopy, isCopyInPlace } from "../in-copy.ts";
import type { SplitKind } from "../split-steps.ts";

/** Removes from a copy what is not the application's. Done again after half of it, it removes the rest. */
export const clearCopy: SplitKind<"clear-copy"> = {
  isDone: (context, { copy }) => isCopyInPlace(context, copy),
  apply: (context, { copy, drops, largeObjects }) =>
    inCopy(context, copy, async (session) => {
      for (const statement of drops) await session.query(statement);
      if (largeObjects) await session.query("SELECT count(lo_unlink(oid)) FROM pg_largeobject_metadata");
    }),
};
