import type { SqlSession } from "../../src/ports/sql.ts";

/** Rows of every table outside the system's schemas, by name; tables outside `public` as `SCHEMA.TABLE`. */
export async function countRows(session: SqlSession): Promise<Readonly<Record<string, number>>> {
  const tables = await session.query(
    `select format('select %L as name, count(*) as rows from %I.%I',
       case nspname when 'public' then relname else nspname || '.' || relname end, nspname, relname) as query
     from pg_class join pg_namespace n on n.oid = relnamespace
     where relkind in ('r', 'p') and nspname <> 'information_schema' and nspname not like 'pg\\_%'`,
  );
  if (tables.length === 0) return {};
  const counts = await session.query(`${tables.map(({ query }) => String(query)).join(" union all ")} order by 1`);
  return Object.fromEntries(counts.map(({ name, rows }) => [String(name), Number(rows)]));
}
