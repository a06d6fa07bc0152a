import type { SqlSession } from "../../ports/sql.ts";
import { quoteName } from "../quote-sql.ts";
import type { VersionRows } from "./split-steps.ts";

/**
 * Makes the rows of a version table the given ones, within the session's transaction. A table that is missing is made as
 * Alembic makes it, wide enough for every revision (alembic/ddl/impl.py, version_table_impl).
 */
export async function writeVersionRows(session: SqlSession, { schema, name, rows, owner }: VersionRows): Promise<void> {
  const table = `${quoteName(schema)}.${quoteName(name)}`;
  const [present] = await session.query("SELECT to_regclass($1) IS NOT NULL AS there", [table]);
  if (present?.["there"] !== true) {
    await session.query(
      `CREATE TABLE ${table} (version_num varchar(32) NOT NULL, CONSTRAINT ${quoteName(`${name}_pkc`)} PRIMARY KEY (version_num))`,
    );
    await session.query(`ALTER TABLE ${table} OWNER TO ${quoteName(owner)}`);
  }
  await session.query(`DELETE FROM ${table}`);
  for (const row of rows) await session.query(`INSERT INTO ${table} (version_num) VALUES ($1)`, [row]);
}
