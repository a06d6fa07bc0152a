import { ToolError } from "../../core/tool-error.ts";
import type { SqlSession } from "../../ports/sql.ts";
import { quoteName } from "../quote-sql.ts";

const RIGHTS = `SELECT current_user::text AS role,
  (SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user) AS may_create,
  coalesce((SELECT json_agg(json_build_array(datname, pg_get_userbyid(datdba)) ORDER BY datname) FROM pg_database
    WHERE datname = ANY($1::text[]) AND NOT pg_has_role(datdba, 'usage')), '[]') AS foreign_databases`;

/**
 * Says before the work whether the session's role has the rights that a restore needs: to make databases, and to rename
 * those of these names.
 *
 * @throws ToolError POSTGRES_FAILED with the statement that gives the right
 */
export async function assertMayRestore(session: SqlSession, label: string, names: readonly string[]): Promise<void> {
  const [row] = await session.query(RIGHTS, [names]);
  const role = String(row?.["role"]);
  if (row?.["may_create"] !== true) {
    throw missingRight(
      label,
      `${role} may not create databases on ${label}`,
      `ALTER ROLE ${quoteName(role)} CREATEDB;`,
    );
  }
  const [foreign] = row["foreign_databases"] as readonly (readonly [database: string, owner: string])[];
  if (foreign === undefined) return;
  const [database, owner] = foreign;
  throw missingRight(
    label,
    `${role} may not rename ${database} on ${label}, which is ${owner}'s`,
    `GRANT ${quoteName(owner)} TO ${quoteName(role)};`,
  );
}

function missingRight(label: string, fact: string, grant: string): ToolError {
  return new ToolError("POSTGRES_FAILED", `${fact}.`, {
    hint: `Nothing was changed. As a superuser: ${grant}`,
    detail: { server: label, sqlState: "42501" },
    exitCode: 1,
  });
}
