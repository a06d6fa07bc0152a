import type { SqlSession } from "../ports/sql.ts";
import type { RelationName } from "./database-picture.ts";
import { quoteRelation } from "./quote-relation.ts";
import { sqlStateOf } from "./sql-state-of.ts";

/** One statement for so many tables: a statement for each would be a round trip for each. */
const BATCH = 200;

/** So many tables are measured, the largest first: PostgreSQL opens each with its indexes, and asks the file system. */
const MEASURED = 1000;

/** Below this the estimate does. */
const SMALL_BYTES = 1_000_000;

const SIZES = "select oid::text, pg_total_relation_size(oid)::float8 as bytes from unnest($1::oid[]) as oid";

/** A table of which PostgreSQL's own estimate is known. */
export interface EstimatedTable {
  readonly oid: string;
  /** With indexes and TOAST, by what the last VACUUM or ANALYZE saw; null for a foreign table. */
  readonly estimatedBytes: number | null;
  /** There was no VACUUM or ANALYZE yet. */
  readonly isUnknown: boolean;
}

/**
 * The bytes of tables with their indexes and TOAST, by oid: as the files have them for large tables and those that were never
 * analysed, the estimate for the others. Measuring wants a lock; where a running migration holds one, all are estimates.
 */
export async function readTableBytes(
  session: SqlSession,
  tables: readonly EstimatedTable[],
): Promise<ReadonlyMap<string, number>> {
  const measured = tables
    .filter(({ estimatedBytes, isUnknown }) => estimatedBytes !== null && (isUnknown || estimatedBytes >= SMALL_BYTES))
    .toSorted((a, b) => (b.estimatedBytes ?? 0) - (a.estimatedBytes ?? 0))
    .slice(0, MEASURED)
    .map(({ oid }) => oid);
  const rows =
    measured.length === 0
      ? []
      : await session.query(SIZES, [measured]).catch((error: unknown) => {
          if (!isUnavailable(error)) throw error;
          return [];
        });
  return new Map([
    ...tables.map(({ oid, estimatedBytes }) => [oid, estimatedBytes ?? 0] as const),
    // Null for one that was dropped meanwhile.
    ...rows.map((row) => [String(row["oid"]), Number(row["bytes"] ?? 0)] as const),
  ]);
}

/** Counts tables. One that is locked, forbidden or takes too long has no count. */
export async function countRows<T extends RelationName>(
  session: SqlSession,
  tables: readonly T[],
): Promise<ReadonlyMap<T, number>> {
  const counts = new Map<T, number>();
  for (let at = 0; at < tables.length; at += BATCH) {
    const batch = tables.slice(at, at + BATCH);
    try {
      await count(session, batch, counts);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      await countOneByOne(session, batch, counts);
    }
  }
  return counts;
}

/** A migration may hold many tables: the wait for each is short now. */
async function countOneByOne<T extends RelationName>(
  session: SqlSession,
  tables: readonly T[],
  counts: Map<T, number>,
): Promise<void> {
  const [before] = await session.query("select current_setting('lock_timeout') as wait");
  await session.query("select set_config('lock_timeout', '20ms', false)");
  for (const table of tables) {
    await count(session, [table], counts).catch((reason: unknown) => {
      if (!isUnavailable(reason)) throw reason;
    });
  }
  await session.query("select set_config('lock_timeout', $1, false)", [before?.["wait"]]);
}

async function count<T extends RelationName>(
  session: SqlSession,
  tables: readonly T[],
  counts: Map<T, number>,
): Promise<void> {
  const selects = tables.map(
    (table, at) => `select ${at} as at, count(*)::float8 as rows from ${quoteRelation(table)}`,
  );
  for (const row of await session.query(selects.join(" union all "))) {
    const table = tables[Number(row["at"])];
    if (table !== undefined) counts.set(table, Number(row["rows"]));
  }
}

/** Lock not available, timed out, no right, dropped meanwhile, a name no client can send. */
function isUnavailable(error: unknown): boolean {
  return ["55P03", "57014", "42501", "42P01", "3F000", "22021"].includes(sqlStateOf(error) ?? "");
}
