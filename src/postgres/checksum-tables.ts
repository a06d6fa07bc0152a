import type { SqlSession } from "../ports/sql.ts";
import type { RelationName } from "./database-picture.ts";
import { quoteName } from "./quote-sql.ts";

/** A table's content in two numbers. */
export interface TableChecksum extends RelationName {
  readonly rows: number;
  /** The same for the same rows in any order; a decimal number. */
  readonly checksum: string;
}

/** Tables up to this size share statements; larger ones get one each, which the server may work on in parallel. */
const smallBytes = 4 * 1024 * 1024;
const tablesAStatement = 50;

/** What the text form of values depends on; a policy that would hide rows is an error instead. */
const settings = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';
SET extra_float_digits = 1; SET bytea_output = 'hex'; SET xmlbinary = 'base64'; SET lc_monetary = 'C';
SET search_path = pg_catalog; SET row_security = off; SET statement_timeout = 0`;

/** A name that no column has: inside the statement a column's name would go before the table's. */
const wholeRow = `"bulkhead's row"`;

/**
 * Counts the rows of each table and adds up a 64-bit hash of each row, in the order the tables were given. The tables are
 * shared out over the sessions, which must see the same content (one snapshot, or nobody writes).
 *
 * A row's hash is `hashtextextended` of PostgreSQL's own text of the whole row (`record_out`: every type has one, json, xml
 * and toasted values too; NULL and 'NULL' differ), with the settings it depends on fixed; they stay set in the sessions. The
 * sum is exact (128 bits), so a row that is there twice counts twice. Two contents that differ by accident are taken for
 * equal with a probability of 2^-64 a table; it is no proof against somebody who makes them on purpose. The numbers are
 * equal on all majors and on x64 and arm64; text counts in the database's own encoding.
 *
 * Throws what the server says, e.g. 55P03 where a table is locked and the session has a `lock_timeout`.
 */
export async function checksumTables(
  sessions: readonly SqlSession[],
  tables: readonly RelationName[],
  onTable?: (table: TableChecksum, bytes: number) => void,
): Promise<readonly TableChecksum[]> {
  const [first] = sessions;
  if (first === undefined || tables.length === 0) return [];
  const sizes = await measure(first, tables);
  const statements = groupTables(tables, sizes);
  const found = new Map<number, TableChecksum>();
  await Promise.all(
    sessions.map(async (session) => {
      await session.query(settings);
      for (let places = statements.shift(); places !== undefined; places = statements.shift()) {
        for (const row of await session.query(statementFor(places, tables))) {
          const at = Number(row["at"]);
          const { schema, name } = tables[at] as RelationName;
          const checksum = { schema, name, rows: Number(row["rows"]), checksum: String(row["checksum"]) };
          found.set(at, checksum);
          onTable?.(checksum, sizes[at] ?? 0);
        }
      }
    }),
  );
  return tables.map((_, at) => found.get(at) as TableChecksum);
}

async function measure(session: SqlSession, tables: readonly RelationName[]): Promise<readonly number[]> {
  const rows = await session.query(
    `SELECT coalesce(pg_table_size(c.oid), 0) AS bytes
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (schema, name, place)
     LEFT JOIN pg_namespace n ON n.nspname = wanted.schema
     LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
     ORDER BY place`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  );
  return rows.map((row) => Number(row["bytes"]));
}

/** Places in the list, a group a statement: the largest tables first, so that no session ends with a long one alone. */
function groupTables(tables: readonly RelationName[], sizes: readonly number[]): number[][] {
  const bySize = tables.map((_, at) => at).toSorted((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0));
  const large = bySize.filter((at) => (sizes[at] ?? 0) > smallBytes);
  const small = bySize.slice(large.length);
  const groups = large.map((at) => [at]);
  for (let from = 0; from < small.length; from += tablesAStatement) {
    groups.push(small.slice(from, from + tablesAStatement));
  }
  return groups;
}

function statementFor(places: readonly number[], tables: readonly RelationName[]): string {
  return places
    .map((at) => {
      const { schema, name } = tables[at] as RelationName;
      // Of a parent table its own rows only: its children are tables of their own.
      return `SELECT ${at} AS at, count(*) AS rows,
        coalesce(sum(hashtextextended(CAST(${wholeRow} AS text), 0)), 0)::text AS checksum
        FROM ONLY ${quoteName(schema)}.${quoteName(name)} AS ${wholeRow}`;
    })
    .join("\nUNION ALL\n");
}
