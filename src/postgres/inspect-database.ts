import type { SqlRow, SqlSession } from "../ports/sql.ts";
import { catalogQuery, type CatalogRows } from "./catalog-queries.ts";
import type {
  ConstraintPicture,
  DatabasePicture,
  ObjectPicture,
  SequencePicture,
  SessionPicture,
  TablePicture,
} from "./database-picture.ts";
import { summaryFrom } from "./database-summary.ts";
import { mayBeSkeleton } from "./may-be-skeleton.ts";
import { countRows, readTableBytes, type EstimatedTable } from "./measure-tables.ts";
import { readVersionTables } from "./read-version-tables.ts";

/**
 * What a database holds, without PostgreSQL's own schemas and what extensions made. Changes nothing; `session` is best one
 * of `openReadSession`. Without `exact` only tables are counted that may be the empty ones a failed MLflow start leaves,
 * and small ones of which PostgreSQL has no estimate.
 * Throws what the session throws.
 */
export async function inspectDatabase(
  session: SqlSession,
  { exact = false }: { readonly exact?: boolean } = {},
): Promise<DatabasePicture> {
  const [catalogs] = (await session.query(catalogQuery)) as unknown as readonly [CatalogRows];
  const bytes = await readTableBytes(session, catalogs.tables.map(estimateFrom));
  const tables = catalogs.tables.map((row) => tableFrom(row, bytes));
  const [counted, versionTables] = [
    await countRows(session, exact ? tables : chooseCounted(tables)),
    await readVersionTables(session, tables),
  ];
  return {
    ...summaryFrom(catalogs.summary[0] ?? {}),
    schemas: catalogs.schemas.map((row) => ({ name: text(row, "name"), owner: text(row, "owner") })),
    tables: tables.map((table) => ({ ...table, rows: counted.get(table) })),
    views: catalogs.views.map(objectFrom),
    versionTables,
    sequences: catalogs.sequences.map(sequenceFrom),
    routines: catalogs.routines.map(objectFrom),
    triggers: catalogs.triggers.map((row) => ({
      schema: text(row, "schema"),
      table: text(row, "table"),
      name: text(row, "name"),
    })),
    types: catalogs.types.map(objectFrom),
    extensions: catalogs.extensions.map((row) => ({
      name: text(row, "name"),
      version: text(row, "version"),
      schema: text(row, "schema"),
    })),
    largeObjects: Number(catalogs.largeObjects[0]?.["count"] ?? 0),
    sessions: catalogs.sessions.map(sessionFrom),
    searchedSchemas: [...new Set(catalogs.searchPaths.flatMap((row) => schemasOf(text(row, "path"))))],
  };
}

/** Counting one takes a millisecond at most. */
const SMALL_BYTES = 1_000_000;
const MOST_SMALL = 300;

function chooseCounted(tables: readonly TablePicture[]): readonly TablePicture[] {
  const small = tables.filter(({ estimatedRows, bytes }) => estimatedRows === undefined && bytes < SMALL_BYTES);
  return tables.filter((table) => mayBeSkeleton(table) || (small.length <= MOST_SMALL && small.includes(table)));
}

type ColumnRow = readonly [name: string, type: string, nullable: boolean];
type ConstraintRow = readonly [name: string, type: string, onDelete: string];

const KINDS: Readonly<Record<string, ConstraintPicture["kind"]>> = {
  c: "check",
  f: "foreign key",
  p: "primary key",
  u: "unique",
  x: "exclusion",
};

const ON_DELETE: Readonly<Record<string, ConstraintPicture["onDelete"]>> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

/** Never analysed: -1 rows, and before PostgreSQL 14 0 rows on 0 pages. */
function isUnknown(row: SqlRow): boolean {
  const tuples = Number(row["tuples"]);
  return tuples < 0 || (tuples === 0 && Number(row["pages"]) === 0);
}

function estimateFrom(row: SqlRow): EstimatedTable {
  return {
    oid: text(row, "oid"),
    estimatedBytes: row["estimated_bytes"] as number | null,
    isUnknown: isUnknown(row),
  };
}

function tableFrom(row: SqlRow, bytes: ReadonlyMap<string, number>): TablePicture {
  return {
    ...objectFrom(row),
    columns: ((row["columns"] ?? []) as readonly ColumnRow[]).map(([name, type, nullable]) => ({
      name,
      type,
      nullable,
    })),
    indexes: (row["indexes"] ?? []) as readonly string[],
    constraints: ((row["constraints"] ?? []) as readonly ConstraintRow[]).map(([name, kind, onDelete]) => ({
      name,
      kind: KINDS[kind] ?? "check",
      onDelete: ON_DELETE[onDelete],
    })),
    bytes: bytes.get(text(row, "oid")) ?? 0,
    estimatedRows: isUnknown(row) ? undefined : Number(row["tuples"]),
    rows: undefined,
  };
}

function objectFrom(row: SqlRow): ObjectPicture {
  return { schema: text(row, "schema"), name: text(row, "name"), owner: text(row, "owner") };
}

function sequenceFrom(row: SqlRow): SequencePicture {
  const owned = row["table_name"] !== null;
  return {
    ...objectFrom(row),
    ownedBy: owned
      ? { schema: text(row, "table_schema"), name: text(row, "table_name"), column: text(row, "table_column") }
      : undefined,
  };
}

function sessionFrom(row: SqlRow): SessionPicture {
  return {
    pid: Number(row["pid"]),
    role: text(row, "role"),
    application: text(row, "application"),
    address: (row["address"] as string | null) ?? undefined,
    state: (row["state"] as string | null) ?? undefined,
  };
}

/** The names of `"$user", "my app", public`. */
function schemasOf(path: string): readonly string[] {
  return [...path.matchAll(/"((?:[^"]|"")*)"|[^\s,"]+/g)].map(
    ([whole, quoted]) => quoted?.replaceAll('""', '"') ?? whole.toLowerCase(),
  );
}

function text(row: SqlRow, name: string): string {
  const value = row[name];
  return typeof value === "string" ? value : "";
}
