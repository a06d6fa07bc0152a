import { quoteName, quoteText } from "../../quote-sql.ts";
import { endLeftOver } from "../end-left-over.ts";
import { endSessions } from "../end-sessions.ts";
import { findByName } from "../find-database.ts";
import { inDatabase } from "../in-database.ts";
import type { SplitContext } from "../split-context.ts";
import type { CreatedDatabase, SplitKind } from "../split-steps.ts";
import { createRole } from "./create-role.ts";

/** An empty database on a server that is there, for its role alone: what a part of the original is streamed into. */
export const createDatabase: SplitKind<"create-database"> = {
  isDone: async (context, args) => {
    const there = await onServer(context, args);
    return (
      (await createRole.isDone(there, args)) &&
      inDatabase(there, maintenance, async (session) => (await findByName(session, args.final))?.comment === args.mark)
    );
  },
  apply: async (context, args) => {
    const there = await onServer(context, args);
    const { role, work, final, mark } = args;
    await endLeftHere(there);
    if (await createDatabase.isDone(context, args)) return;
    if (!(await createRole.isDone(there, args))) await createRole.apply(there, args);
    await inDatabase(there, maintenance, async (session) => {
      if ((await findByName(session, work)) === undefined) {
        await session.query(`CREATE DATABASE ${quoteName(work)} TEMPLATE template0 OWNER ${quoteName(role)}`);
      }
      await session.query(`REVOKE CONNECT ON DATABASE ${quoteName(work)} FROM PUBLIC`);
      await session.query(`COMMENT ON DATABASE ${quoteName(work)} IS ${quoteText(mark)}`);
      await session.query(`ALTER DATABASE ${quoteName(work)} RENAME TO ${quoteName(final)}`);
    });
  },
  undo: async (context, args) => {
    const there = await onServer(context, args);
    const { work, final, mark } = args;
    await endLeftHere(there);
    await inDatabase(there, maintenance, async (session) => {
      for (const name of [work, final]) {
        const found = await findByName(session, name);
        if (found === undefined || (name === final && found.comment !== mark)) continue;
        await endSessions(there, session, name, true);
        await session.query(`DROP DATABASE ${quoteName(name)}`);
      }
    });
    await createRole.undo?.(there, args);
  },
};

const maintenance = "postgres";

/** The lock is the other server's, and so is what is ended with it. */
function endLeftHere(there: SplitContext): Promise<void> {
  return inDatabase(there, maintenance, (session) => endLeftOver(there, session, there.application));
}

async function onServer(context: SplitContext, { service }: CreatedDatabase): Promise<SplitContext> {
  return { ...context, server: await context.target(service), maintenance };
}
