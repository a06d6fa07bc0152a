import { holdsAt, type SchemaHistory } from "../../src/catalog/schema-history.ts";
import type { ConstraintPicture, DatabasePicture, TablePicture } from "../../src/postgres/database-picture.ts";

const kinds: Readonly<Record<string, ConstraintPicture["kind"]>> = {
  c: "check",
  f: "foreign key",
  p: "primary key",
  u: "unique",
  x: "exclusion",
};

const actions: Readonly<Record<string, ConstraintPicture["onDelete"]>> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

type Changing<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };

/** The tables that a database has at a revision, as far as the history tells them: every table empty. */
export function tablesAtRevision(history: SchemaHistory, revision: number, schema = "public"): TablePicture[] {
  const tables = new Map<string, Changing<TablePicture>>();
  for (const { kind, table, name, key } of history.facts.filter((fact) => holdsAt(fact, revision))) {
    const picture = tables.get(table) ?? emptyTable(schema, table);
    tables.set(table, picture);
    const rest = key.split(" ").slice(3);
    if (kind === "column") picture.columns.push({ name, type: "text", nullable: true });
    if (kind === "index") picture.indexes.push(name);
    if (kind === "constraint") {
      picture.constraints.push({ name, kind: kinds[rest[0] ?? ""] ?? "check", onDelete: actions[rest[1] ?? ""] });
    }
  }
  for (const { kind, table, name, key } of history.facts.filter((fact) => holdsAt(fact, revision))) {
    const picture = tables.get(table);
    const at = picture?.columns.findIndex((column) => column.name === name) ?? -1;
    const column = picture?.columns[at];
    if (picture === undefined || column === undefined) continue;
    if (kind === "type") picture.columns[at] = { ...column, type: key.split(" ").slice(3).join(" ") };
    if (kind === "not-null") picture.columns[at] = { ...column, nullable: false };
  }
  return [...tables.values()];
}

/** A table of nobody's. */
export function emptyTable(schema: string, name: string, columns: readonly string[] = []): Changing<TablePicture> {
  return {
    schema,
    name,
    owner: "app",
    columns: columns.map((column) => ({ name: column, type: "text", nullable: true })),
    indexes: [],
    constraints: [],
    bytes: 8192,
    estimatedRows: undefined,
    rows: 0,
  };
}

/** A database of these tables, whose `alembic_version` holds these rows; no rows given: there is none. */
export function pictureOf(
  tables: readonly TablePicture[],
  rows?: readonly string[],
  schema = "public",
): DatabasePicture {
  const versionTable = { schema, name: "alembic_version", owner: "app" };
  return {
    name: "shared",
    owner: "app",
    encoding: "UTF8",
    collation: "C.UTF-8",
    allowsConnections: true,
    isTemplate: false,
    bytes: 1,
    comment: undefined,
    schemas: [],
    tables: rows === undefined ? tables : [...tables, emptyTable(schema, "alembic_version", ["version_num"])],
    views: [],
    versionTables: rows === undefined ? [] : [{ ...versionTable, rows, unreadable: undefined }],
    sequences: [],
    routines: [],
    triggers: [],
    types: [],
    extensions: [],
    largeObjects: 0,
    sessions: [],
    searchedSchemas: [],
  };
}
