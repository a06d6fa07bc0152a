import type { SqlSession } from "../../../ports/sql.ts";
import { ToolError } from "../../../core/tool-error.ts";
import { quoteName } from "../../quote-sql.ts";
import { checksumTables } from "../../checksum-tables.ts";
import { compareCopy, type SeenCopy } from "../compare-copy.ts";
import { findByName, findByOid } from "../find-database.ts";
import { isCopyInPlace } from "../in-copy.ts";
import { inDatabase } from "../in-database.ts";
import { readDefinitions } from "../read-definitions.ts";
import type { SplitContext } from "../split-context.ts";
import type { SplitKind, VerifyArgs } from "../split-steps.ts";

/**
 * Compares a copy with the original: the rows of every table by count and checksum, sequence values, and every definition.
 * What it writes down is the proof by which the copy may take its place.
 */
export const verifyCopy: SplitKind<"verify-copy"> = {
  isDone: (context, { copy }) => isCopyInPlace(context, copy),
  apply: async (context, args) => {
    const [original, oid] = await inDatabase(context, context.maintenance, async (session) => [
      await findByOid(session, args.oid),
      (await findByName(session, args.copy.work))?.oid,
    ]);
    if (original === undefined) throw new Error(`there is no database of oid ${args.oid} any more`);
    const [before, after] = await Promise.all([
      inDatabase(context, original.name, (session) => look(session, args)),
      lookAtCopy(context, args),
    ]);
    const [difference, ...others] = compareCopy(before, after, args);
    if (difference !== undefined) throw differs(args, difference, others.length);
    const rows = after.checksums.reduce((sum, { rows }) => sum + rows, 0);
    const versions = args.versions.flatMap((table) => table.rows);
    return {
      oid,
      part: args.copy.part,
      tables: args.tables.length + args.versions.length,
      rows: rows + versions.length,
      revision: versions[0],
    };
  },
};

async function lookAtCopy(context: SplitContext, args: VerifyArgs): Promise<SeenCopy> {
  if (args.service === null) return inDatabase(context, args.copy.work, (session) => look(session, args));
  const server = await context.target(args.service);
  return inDatabase({ ...context, server }, args.copy.final, (session) => look(session, args));
}

/** Nobody writes to either: without a transaction no lock is held longer than for a statement, whatever number of tables. */
async function look(session: SqlSession, { tables, versions }: VerifyArgs): Promise<SeenCopy> {
  const definitions = await readDefinitions(session);
  const checksums = await checksumTables([session], tables);
  const found: string[] = [];
  for (const { schema, name } of versions) {
    const present = definitions.some(({ of, what }) => of === `${schema}.${name}` && what === "column version_num");
    if (!present) continue;
    const rows = await session.query(`SELECT version_num FROM ${quoteName(schema)}.${quoteName(name)} ORDER BY 1`);
    found.push(`${schema}.${name}: ${rows.map((row) => String(row["version_num"])).join(" ")}`);
  }
  return { checksums, definitions, versions: found };
}

function differs({ copy }: VerifyArgs, difference: string, others: number): ToolError {
  const more = others === 0 ? "" : ` and ${others} more`;
  return new ToolError("POSTGRES_FAILED", `The copy of ${copy.part} is not like the original: ${difference}${more}.`, {
    hint: "The original is as it was. Report this with: bulkhead db status --json",
    detail: { part: copy.part, difference },
  });
}
