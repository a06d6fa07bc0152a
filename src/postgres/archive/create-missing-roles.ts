import type { ServerAccess } from "../../ports/server-access.ts";
import { quoteName } from "../quote-sql.ts";
import { sqlStateOf } from "../sql-state-of.ts";
import { renderRole, type BackedUpRole } from "./read-roles.ts";

/**
 * Makes the roles of a backup that a server lacks, with their memberships, and gives their names. Those that are there stay
 * as they are. Without the right to make roles nothing is made: what they own then goes to the session's role.
 */
export async function createMissingRoles(
  access: ServerAccess,
  roles: readonly BackedUpRole[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const session = await access.connect("postgres", signal);
  try {
    const rows = await session.query("SELECT rolname AS name FROM pg_roles");
    const present = new Set(rows.map((row) => String(row["name"])));
    const missing = roles.filter(({ name }) => !present.has(name));
    if (missing.length === 0) return [];
    await session.query("BEGIN READ WRITE");
    for (const role of missing) {
      for (const statement of renderRole(role)) await session.query(statement);
      present.add(role.name);
    }
    for (const { name, memberOf } of missing) {
      for (const group of memberOf.filter((one) => present.has(one))) {
        await session.query(`GRANT ${quoteName(group)} TO ${quoteName(name)}`);
      }
    }
    await session.query("COMMIT");
    return missing.map(({ name }) => name);
  } catch (error) {
    if (sqlStateOf(error) === "42501") return [];
    throw error;
  } finally {
    await session.close();
  }
}
