import { connectionString } from "../../archive/back-up-database.ts";
import { endSessions } from "../end-sessions.ts";
import { inDatabase } from "../in-database.ts";
import type { SplitKind } from "../split-steps.ts";

/** Streams a finished copy into the empty database of another server, all of it or nothing. */
export const transferCopy: SplitKind<"transfer-copy"> = {
  isDone: async (context, { copy, service }) => {
    const server = await context.target(service);
    return inDatabase({ ...context, server }, copy.final, async (session) => {
      const [table] = await session.query(
        "SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(pg_|information_schema)') LIMIT 1",
      );
      return table !== undefined;
    });
  },
  apply: async (context, { copy, service }) => {
    const server = await context.target(service);
    // A restore of a process that was killed may still be at work, or have come to its end just now.
    await inDatabase({ ...context, server }, "postgres", (session) => endSessions(context, session, copy.final, true));
    if (await transferCopy.isDone(context, { copy, service })) return;
    const { signal } = context;
    await context.server.pipe(
      {
        program: "pg_dump",
        args: ["--format=custom", "--compress=0", "--dbname", connectionString(copy.work)],
        signal,
      },
      server,
      {
        program: "pg_restore",
        args: [
          "--single-transaction",
          "--exit-on-error",
          "--no-owner",
          "--no-privileges",
          "--dbname",
          connectionString(copy.final),
        ],
        signal,
      },
    );
  },
};
