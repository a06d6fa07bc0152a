import type { SqlSession } from "../ports/sql.ts";
import type { RelationName } from "./database-picture.ts";
import { quoteRelation } from "./quote-relation.ts";
import { sqlStateOf } from "./sql-state-of.ts";

/** One statement for so many tables: a statement for each would be a round trip for each. */
const BATCH = 200;

/** So many of the largest tables are measured, which asks the file system; of the others the estimate is given. */
const MEASURED = 1000;

/** By what the last VACUUM or ANALYZE saw. */
const ESTIMATE = `(c.relpages + coalesce(t.relpages, 0) + coalesce((
    select sum(i.relpages) from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid), 0))::float8
    * current_setting('block_size')::float8`;

const TABLES = `from pg_class c left join pg_class t on t.oid = c.reltoastrelid join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

const ESTIMATES = `select c.oid::text, ${ESTIMATE} as bytes ${TABLES}`;

const SIZES = `select c.oid::text,
    case when row_number() over (order by c.relpages desc) <= ${MEASURED}
      then pg_total_relation_size(c.oid)::float8 else ${ESTIMATE} end as bytes ${TABLES}`;

/**
 * The bytes of each table with its indexes and TOAST, by the table's oid. Measuring wants a lock; where a running migration
 * holds one, what the last ANALYZE saw is given instead.
 */
export async function readTableBytes(session: SqlSession): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query(SIZES).catch((error: unknown) => {
    if (!isUnavailable(error)) throw error;
    return session.query(ESTIMATES);
  });
  return new Map(rows.map((row) => [String(row["oid"]), Number(row["bytes"] ?? 0)]));
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
