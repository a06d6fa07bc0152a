import type { SqlSession } from "../../src/ports/sql.ts";

/** Rows of every table outside the system's schemas, by name; tables outside `public` as `SCHEMA.TABLE`. */
export async function countRows(session: SqlSession): Promise<Readonly<Record<string, number>>> {
  const tables = await session.query(
    `select case nspname when 'public' then relname else nspname || '.' || relname end as name,
       format('select count(*) as rows from %I.%I', nspname, relname) as query
     from pg_class join pg_namespace n on n.oid = relnamespace
     where relkind in ('r', 'p') and nspname <> 'information_schema' and nspname not like 'pg\\_%'
     order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const [row] = await session.query(String(table["query"]));
    counts[String(table["name"])] = Number(row?.["rows"]);
  }
  return counts;
}
