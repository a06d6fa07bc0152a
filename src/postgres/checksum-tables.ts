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

type HashOf = (value: string, seed: number) => string;

interface Measured {
  readonly bytes: number;
  /** In their order, each with its type's name where that is PostgreSQL's own. */
  readonly columns: readonly (readonly [name: string, type: string | null])[];
}

/** Types whose cast to text gives what PostgreSQL itself writes; that of `char(9)` loses its blanks. */
const textTypes = new Set(
  "text varchar json jsonb bytea bool float4 float8 numeric date timestamp timestamptz".split(" "),
);

/** In a collation for which only equal texts are equal. */
const ofText: HashOf = (value, seed) => `hashtextextended(${value}::text COLLATE "C", ${seed})`;

/** Types' own hashes that tell all their values apart. int8's looks at 32 bits, the XOR of the halves: it is asked twice. */
const ownHashes: Readonly<Record<string, HashOf>> = {
  int2: (value, seed) => `hashint2extended(${value}, ${seed})`,
  int4: (value, seed) => `hashint4extended(${value}, ${seed})`,
  int8: (value, seed) => `hashint8extended(${value}, ${seed}) # hashint8extended(${value} >> 32, -${seed})`,
  uuid: (value, seed) => `uuid_hash_extended(${value}, ${seed})`,
};

/**
 * Counts the rows of each table and adds up a 64-bit hash of each row, in the order the tables were given. The tables are
 * shared out over the sessions, which must see the same content (one snapshot, or nobody writes).
 *
 * A row's hash is that of the XOR of its values' hashes, 64 bits each and seeded with the column's place; NULL counts as 0. What
 * is hashed is PostgreSQL's own text of a value, an integer or UUID as it is; values of rarer types together as the text of a
 * row (`record_out`: every type has one, and NULL and 'NULL' differ in it; it looks at each byte to quote it, which takes longer
 * than to hash it). The settings that texts depend on are fixed, and stay set in the sessions. The sum is exact (128 bits), so a
 * row that is there twice counts twice. Two contents that differ by accident are taken for equal with a probability of 2^-64 a
 * table; it is no proof against somebody who makes them on purpose. The numbers are equal on all majors and on x64 and arm64;
 * text counts in the database's own encoding.
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
  const measured = await measure(first, tables);
  const sizes = measured.map(({ bytes }) => bytes);
  const statements = groupTables(tables, sizes);
  const found = new Map<number, TableChecksum>();
  await Promise.all(
    sessions.map(async (session) => {
      await session.query(settings);
      for (let places = statements.shift(); places !== undefined; places = statements.shift()) {
        for (const row of await session.query(statementFor(places, tables, measured))) {
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

async function measure(session: SqlSession, tables: readonly RelationName[]): Promise<readonly Measured[]> {
  const rows = await session.query(
    `SELECT coalesce(pg_table_size(c.oid), 0) AS bytes,
       (SELECT coalesce(json_agg(json_build_array(attname, typname) ORDER BY attnum), '[]')
        FROM pg_attribute LEFT JOIN pg_type t ON t.oid = atttypid AND typnamespace = 'pg_catalog'::regnamespace
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (schema, name, place)
     LEFT JOIN pg_namespace n ON n.nspname = wanted.schema
     LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
     ORDER BY place`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  );
  return rows.map((row) => ({ bytes: Number(row["bytes"]), columns: row["columns"] as Measured["columns"] }));
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

function statementFor(
  places: readonly number[],
  tables: readonly RelationName[],
  measured: readonly Measured[],
): string {
  return places
    .map((at) => {
      const { schema, name } = tables[at] as RelationName;
      // Of a parent table its own rows only: its children are tables of their own.
      return `SELECT ${at} AS at, count(*) AS rows, coalesce(sum(${renderHash(measured[at]?.columns ?? [])}), 0)::text AS checksum
        FROM ONLY ${quoteName(schema)}.${quoteName(name)} AS one`;
    })
    .join("\nUNION ALL\n");
}

function renderHash(columns: Measured["columns"]): string {
  const parts: string[] = [];
  const others: string[] = [];
  for (const [at, [name, type]] of columns.entries()) {
    const value = `one.${quoteName(name)}`;
    const hash = type !== null && textTypes.has(type) ? ofText : ownHashes[type ?? ""];
    if (hash === undefined) others.push(value);
    else parts.push(`coalesce(${hash(value, at + 1)}, 0)`);
  }
  if (others.length > 0 || parts.length === 0) parts.push(ofText(`ROW(${others.join(", ")})`, 0));
  return ofText(`(${parts.join(" # ")})`, 0);
}
