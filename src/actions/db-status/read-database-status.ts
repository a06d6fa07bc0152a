import { ToolError } from "../../core/tool-error.ts";
import type { SqlSession } from "../../ports/sql.ts";
import type { DatabasePicture } from "../../postgres/database-picture.ts";
import type { DatabaseVerdict, OwnerId } from "../../postgres/database-verdict.ts";
import { inspectDatabase } from "../../postgres/inspect-database.ts";
import type { AppRole } from "../../postgres/judgement.ts";
import { openReadSession } from "../../postgres/open-read-session.ts";
import { sqlStateOf } from "../../postgres/sql-state-of.ts";
import type { StatusPlace } from "./status-place.ts";

/**
 * Reads and judges one database, over `open` where a session on it is there already. Throws ToolError POSTGRES_UNREACHABLE,
 * POSTGRES_FAILED.
 */
export async function readDatabaseStatus(
  place: StatusPlace,
  database: string,
  {
    exact,
    signal,
    open,
  }: { readonly exact: boolean; readonly signal: AbortSignal; readonly open: SqlSession | undefined },
): Promise<{ readonly picture: DatabasePicture; readonly verdict: DatabaseVerdict }> {
  const session = open ?? (await openReadSession(place.access, database, signal));
  try {
    // What judges is loaded while the server reads its catalogs.
    const [read, { judgeDatabase }] = await Promise.all([
      inspectDatabase(session, { exact }),
      import("../../postgres/judge-database.ts"),
    ]);
    // A database of another encoding than its creator's session spells its own name wrongly.
    const picture = { ...read, name: database };
    const users = place.usersOf(database);
    const verdict = judgeDatabase(picture, {
      installed: place.installed,
      subject: place.subjectOf(database),
      visibleSchemas: users.flatMap(({ schema }) => schema ?? []),
      roles: await readRoles(session, users),
    });
    return { picture, verdict };
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === undefined) throw error;
    const { message } = error as Error;
    throw new ToolError("POSTGRES_FAILED", `${database} on ${place.access.label} could not be read: ${message}.`, {
      hint:
        state === "57014"
          ? "It took longer than 30 s. Repeat the command without --exact, or when the server has less to do."
          : "Repeat the command as a superuser of that server.",
      detail: { server: place.access.label, database, sqlState: state },
      exitCode: 1,
    });
  } finally {
    if (open === undefined) await session.close();
  }
}

const ACTS_AS = `select r.rolname::text as name from pg_roles r
  where exists (select from pg_roles own where own.rolname = $1) and pg_has_role($1::name, r.oid, 'usage')`;

async function readRoles(
  session: SqlSession,
  users: ReturnType<StatusPlace["usersOf"]>,
): Promise<Partial<Record<OwnerId, AppRole>>> {
  const roles: Partial<Record<OwnerId, AppRole>> = {};
  for (const { owner, role } of users) {
    if (role === undefined) continue;
    const actsAs = (await session.query(ACTS_AS, [role])).map((row) => String(row["name"]));
    // A login that does not exist is another fault than a foreign table.
    if (actsAs.length > 0) roles[owner] = { name: role, actsAs };
  }
  return roles;
}
