import type { SqlRow } from "../ports/sql.ts";
import type { DatabaseSummary } from "./database-picture.ts";

/**
 * A query for the facts of databases, a row each (`summaryFrom` reads it). Sizes are left out unless `measured`: PostgreSQL
 * asks the file system about every table for them.
 */
export function summaryQuery({ of, measured }: { of: "all" | "current"; measured: boolean }): string {
  const bytes = `case when has_database_privilege(d.oid, 'connect') or pg_has_role('pg_read_all_stats', 'member')
      then pg_database_size(d.oid)::float8 end`;
  return `select d.datname::text as name, pg_get_userbyid(d.datdba)::text as owner,
      pg_encoding_to_char(d.encoding)::text as encoding, d.datcollate::text as collation,
      d.datallowconn as allows_connections, d.datistemplate as is_template,
      shobj_description(d.oid, 'pg_database') as comment, ${measured ? bytes : "null"} as bytes
    from pg_database d${of === "all" ? "" : " where d.datname = current_database()"} order by d.datname`;
}

/** A database from its row. */
export function summaryFrom(row: SqlRow): DatabaseSummary {
  return {
    name: String(row["name"]),
    owner: String(row["owner"]),
    encoding: String(row["encoding"]),
    collation: String(row["collation"]),
    allowsConnections: row["allows_connections"] === true,
    isTemplate: row["is_template"] === true,
    bytes: row["bytes"] === null ? undefined : Number(row["bytes"]),
    comment: (row["comment"] as string | null) ?? undefined,
  };
}
