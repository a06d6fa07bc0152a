import { isSqlFailure, type Sql, type SqlTarget } from "../ports/sql.ts";

const query = `
  select pg_encoding_to_char(encoding) as encoding, (
    select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  ) as relations
  from pg_database where datname = current_database()`;

/** The encoding of a database without a table, view or sequence of anybody's; undefined when it has some or cannot be read. */
export async function findEmptyDatabase(
  sql: Sql,
  target: SqlTarget,
): Promise<{ readonly encoding: string } | undefined> {
  const session = await sql.connect({ connectTimeoutMs: 3_000, ...target });
  if (isSqlFailure(session)) return undefined;
  try {
    const [row] = await session.query(query);
    return row?.["relations"] === 0 ? { encoding: String(row["encoding"]) } : undefined;
  } finally {
    await session.close();
  }
}
