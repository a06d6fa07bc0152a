import type { SqlSession } from "../../ports/sql.ts";
import type { RelationName } from "../database-picture.ts";
import { quoteName } from "../quote-sql.ts";

/** What a database holds that a dump carries, in the session's snapshot. */
export interface DatabaseContent {
  readonly bytes: number;
  readonly tables: readonly (RelationName & { readonly bytes: number })[];
  readonly versionTables: readonly (RelationName & { readonly rows: readonly string[] })[];
}

/** Ordinary tables, partitions and filled materialized views; none of an extension's, which CREATE EXTENSION makes. */
const query = `
SELECT n.nspname AS schema, c.relname AS name, pg_table_size(c.oid) AS bytes,
  EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'version_num' AND NOT a.attisdropped) AS has_version
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND c.relispopulated
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2`;

export async function listContent(session: SqlSession): Promise<DatabaseContent> {
  const rows = await session.query(query);
  const tables = rows.map((row) => ({
    schema: String(row["schema"]),
    name: String(row["name"]),
    bytes: Number(row["bytes"]),
  }));
  const versions = rows.flatMap((row, at) => {
    const table = tables[at];
    const isVersion = table?.name.startsWith("alembic_version") === true && row["has_version"] === true;
    return isVersion ? [{ schema: table.schema, name: table.name }] : [];
  });
  const versionTables = [];
  for (const { schema, name } of versions) {
    const found = await session.query(
      `SELECT version_num::text AS id FROM ${quoteName(schema)}.${quoteName(name)} ORDER BY 1 LIMIT 100`,
    );
    versionTables.push({ schema, name, rows: found.map((row) => String(row["id"])) });
  }
  const [size] = await session.query("SELECT pg_database_size(current_database()) AS bytes");
  return { bytes: Number(size?.["bytes"]), tables, versionTables };
}
