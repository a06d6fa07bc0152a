import type { SqlSession } from "../ports/sql.ts";
import type { TablePicture, VersionTable } from "./database-picture.ts";
import { quoteRelation } from "./quote-relation.ts";
import { sqlStateOf } from "./sql-state-of.ts";

/** Alembic keeps one row, or one for each head of a fork. */
const MOST_ROWS = 100;

const REASONS: Readonly<Record<string, string>> = {
  "42501": "the role may not read it",
  "55P03": "a running migration holds it locked",
  "57014": "reading it took too long",
  "42P01": "it was dropped meanwhile",
};

/** Every `alembic_version*` of every schema with its rows; one that cannot be read is told with the reason. */
export async function readVersionTables(
  session: SqlSession,
  tables: readonly TablePicture[],
): Promise<readonly VersionTable[]> {
  const found: VersionTable[] = [];
  for (const table of tables.filter(({ name }) => name.startsWith("alembic_version"))) {
    const { schema, name, owner } = table;
    found.push({ schema, name, owner, ...(await readRows(session, table)) });
  }
  return found;
}

async function readRows(session: SqlSession, table: TablePicture): Promise<Pick<VersionTable, "rows" | "unreadable">> {
  if (!table.columns.some(({ name }) => name === "version_num"))
    return { rows: [], unreadable: "it has no column version_num" };
  try {
    const rows = await session.query(
      `select coalesce(version_num::text, '') as id from ${quoteRelation(table)} order by 1 limit ${MOST_ROWS}`,
    );
    return { rows: rows.map((row) => String(row["id"])).toSorted(), unreadable: undefined };
  } catch (error) {
    const reason = REASONS[sqlStateOf(error) ?? ""];
    if (reason === undefined) throw error;
    return { rows: [], unreadable: reason };
  }
}
