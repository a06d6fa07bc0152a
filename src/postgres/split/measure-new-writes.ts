import type { Journal } from "../../plan/journal.ts";
import { checksumTables } from "../checksum-tables.ts";
import { findByOid, findCopy } from "./find-database.ts";
import { inDatabase } from "./in-database.ts";
import type { SplitContext } from "./split-context.ts";
import type { SplitStepArgs } from "./split-steps.ts";

/** What an application wrote into its own database since the split: going back to the original loses it. */
export interface NewWrites {
  readonly part: string;
  readonly database: string;
  /** More rows than the original has; negative: fewer. 0: others were changed. */
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
}

/** Compares every table of a finished split with the kept original. */
export async function measureNewWrites(context: SplitContext, journal: Journal): Promise<readonly NewWrites[]> {
  const writes: NewWrites[] = [];
  for (const { kind, args } of journal.state().plan.steps) {
    if (kind !== "verify-copy") continue;
    const { oid, copy, service, tables } = args as unknown as SplitStepArgs["verify-copy"];
    const [original, place] = await inDatabase(context, context.maintenance, async (session) => [
      (await findByOid(session, oid))?.name,
      service === null ? (await findCopy(context, session, copy))?.name : copy.final,
    ]);
    if (original === undefined || place === undefined) continue;
    const server = service === null ? context.server : await context.target(service);
    const [before, after] = await Promise.all([
      inDatabase(context, original, (session) => checksumTables([session], tables)),
      inDatabase({ ...context, server }, place, (session) => checksumTables([session], tables)),
    ]);
    const changed = before.flatMap((table, at) => {
      const now = after[at];
      if (now === undefined || now.checksum === table.checksum) return [];
      return [{ table: `${table.schema}.${table.name}`, rows: now.rows - table.rows }];
    });
    if (changed.length > 0) writes.push({ part: copy.part, database: place, tables: changed });
  }
  return writes;
}
