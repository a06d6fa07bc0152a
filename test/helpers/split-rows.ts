import { checksumTables } from "../../src/postgres/checksum-tables.ts";
import type { RelationName } from "../../src/postgres/database-picture.ts";
import type { TestServer } from "./test-server.ts";

/** Rows and checksum of every table but version tables, by `schema.table`, counted apart from the product's own comparison. */
export async function readRows(server: TestServer, database: string): Promise<Readonly<Record<string, string>>> {
  const session = await server.connect(database);
  try {
    const tables = (await session.query(
      `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|information_schema)' AND c.relname !~ '^alembic_version$' ORDER BY 1, 2`,
    )) as unknown as readonly RelationName[];
    const sums = await checksumTables([session], tables);
    return Object.fromEntries(
      sums.map(({ schema, name, rows, checksum }) => [`${schema}.${name}`, `${rows} ${checksum}`]),
    );
  } finally {
    await session.close();
  }
}
