import { inCopy, isCopyInPlace } from "../in-copy.ts";
import { inTransaction } from "../in-database.ts";
import { writeVersionRows } from "../write-version-rows.ts";
import type { SplitKind } from "../split-steps.ts";

/** The rows by which an application knows the shape of its tables. */
export const setVersionRows: SplitKind<"set-version-rows"> = {
  isDone: (context, { copy }) => isCopyInPlace(context, copy),
  apply: (context, { copy, versions }) =>
    inCopy(context, copy, (session) =>
      inTransaction(session, async () => {
        for (const table of versions) await writeVersionRows(session, table);
      }),
    ),
};
