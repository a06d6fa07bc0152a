import { dirname } from "node:path";

import { backUpDatabase } from "../../archive/back-up-database.ts";
import { checkDump } from "../../archive/check-dump.ts";
import { findByOid } from "../find-database.ts";
import { inDatabase } from "../in-database.ts";
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
    await io.files.remove(target);
    await io.files.makeDirectory(dirname(path), { mode: 0o700 });
    const { tables } = await backUpDatabase({
      access: server,
      clock: io.clock,
      database: name,
      target,
      jobs: 2,
      application: context.application,
      signal,
      onProgress: () => undefined,
    });
    await checkDump(server, target, { name, tables }, signal);
    await io.files.rename(target, path);
    return { path };
  },
  undo: async ({ io }, { path }) => {
    await io.files.remove(path);
    await io.files.remove(`${path}.unfinished`);
  },
};
