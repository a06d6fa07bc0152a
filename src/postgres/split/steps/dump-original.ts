import { dirname } from "node:path";

import { backUpDatabase } from "../../archive/back-up-database.ts";
import { checkDump } from "../../archive/check-dump.ts";
import { ownApplication } from "../end-sessions.ts";
import { findByOid } from "../find-database.ts";
import { inDatabase } from "../in-database.ts";
import type { SplitContext } from "../split-context.ts";
import type { SplitKind } from "../split-steps.ts";

/** A dump of the original beside the original itself. It has its name only when all of it is there. */
export const dumpOriginal: SplitKind<"dump-original"> = {
  isDone: ({ io }, { path }) => io.files.exists(path),
  apply: async (context, { oid, path }) => {
    const { server, signal, maintenance, io } = context;
    const original = await inDatabase(context, maintenance, (session) => findByOid(session, oid));
    if (original === undefined) throw new Error(`there is no database of oid ${oid} any more`);
    const { name } = original;
    const target = `${path}.unfinished`;
    await endDumps(context, name);
    await io.files.remove(target);
    await io.files.makeDirectory(dirname(path), { mode: 0o700 });
    const { tables } = await backUpDatabase({
      access: server,
      clock: io.clock,
      database: name,
      target,
      jobs: 2,
      signal,
      onProgress: () => undefined,
    });
    await checkDump(server, target, { name, tables }, signal);
    await io.files.rename(target, path);
    return { path };
  },
  undo: async (context, { oid, path }) => {
    const original = await inDatabase(context, context.maintenance, (session) => findByOid(session, oid));
    if (original !== undefined) await endDumps(context, original.name);
    await context.io.files.remove(path);
    await context.io.files.remove(`${path}.unfinished`);
  },
};

/** A dump goes on when the process that wanted it was killed, and writes where the next one would. */
async function endDumps(context: SplitContext, database: string): Promise<void> {
  const { io, signal, maintenance } = context;
  const until = io.clock.now() + 30_000;
  await inDatabase(context, maintenance, async (session) => {
    while (io.clock.now() < until) {
      const left = await session.query(
        "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = $2",
        [database, ownApplication],
      );
      if (left.length === 0) break;
      await io.clock.sleep(50, signal);
    }
  });
}
