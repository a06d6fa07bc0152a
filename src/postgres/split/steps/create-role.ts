import { quoteName, quoteText } from "../../quote-sql.ts";
import { inDatabase, inTransaction } from "../in-database.ts";
import type { SqlSession } from "../../../ports/sql.ts";
import type { SplitKind } from "../split-steps.ts";

/** An ordinary role for an application. It cannot log in before somebody gives it a password. */
export const createRole: SplitKind<"create-role"> = {
  isDone: (context, { role }) =>
    inDatabase(context, context.maintenance, async (session) => (await comment(session, role)) !== undefined),
  apply: (context, { role, mark }) =>
    inDatabase(context, context.maintenance, (session) =>
      inTransaction(session, async () => {
        await session.query(`CREATE ROLE ${quoteName(role)} LOGIN`);
        await session.query(`COMMENT ON ROLE ${quoteName(role)} IS ${quoteText(mark)}`);
      }),
    ),
  undo: (context, { role, mark }) =>
    inDatabase(context, context.maintenance, async (session) => {
      if ((await comment(session, role)) === mark) await session.query(`DROP ROLE ${quoteName(role)}`);
    }),
};

/** Undefined: there is no such role. */
async function comment(session: SqlSession, role: string): Promise<string | undefined> {
  const [row] = await session.query(
    "SELECT coalesce(shobj_description(oid, 'pg_authid'), '') AS comment FROM pg_roles WHERE rolname = $1",
    [role],
  );
  return row === undefined ? undefined : String(row["comment"]);
}
