import { ToolError } from "../../core/tool-error.ts";
import type { SqlRow, SqlSession } from "../../ports/sql.ts";
import { quoteName, quoteText } from "../quote-sql.ts";
import { renderGrants, renderSettings } from "../split/render-properties.ts";
import { sqlStateOf } from "../sql-state-of.ts";
import { inUse, sessionsQuery } from "./sessions-in-use.ts";
import type { BackedUpDatabase } from "./backup-manifest.ts";

export interface DatabaseSwap {
  readonly database: BackedUpDatabase;
  /** Where it was restored to. */
  readonly scratch: string;
  /** What a database that has the name now is called afterwards. */
  readonly aside: string;
}

/**
 * Gives restored databases their names, owners, grants, settings and comments, those that had the names being renamed:
 * all in one transaction, so that a kill or a power loss leaves either all old ones or all new ones in place. Gives the
 * names that were set aside. ToolError POSTGRES_FAILED, with the sessions that are in a database.
 */
export async function swapDatabases(
  session: SqlSession,
  label: string,
  swaps: readonly DatabaseSwap[],
): Promise<readonly string[]> {
  const aside: string[] = [];
  const roles = await readRoles(session);
  // What is committed is to last, also where the server may forget its last commits.
  await session.query("BEGIN READ WRITE; SET LOCAL synchronous_commit = on");
  try {
    for (const { database, scratch, aside: other } of swaps) {
      const { name, comment } = database;
      const [old] = await session.query("SELECT FROM pg_database WHERE datname = $1", [name]);
      if (old !== undefined) {
        await session.query(`ALTER DATABASE ${quoteName(name)} RENAME TO ${quoteName(other)}`);
        aside.push(other);
      }
      await session.query(`ALTER DATABASE ${quoteName(scratch)} RENAME TO ${quoteName(name)}`);
      for (const statement of renderOwnProperties(database, roles)) await session.query(statement);
      await session.query(
        `COMMENT ON DATABASE ${quoteName(name)} IS ${comment === null ? "NULL" : quoteText(comment)}`,
      );
    }
    await session.query("COMMIT");
    return aside;
  } catch (error) {
    await session.query("ROLLBACK").catch(() => undefined);
    throw await explain(session, error, label, swaps);
  }
}

interface Roles {
  readonly known: ReadonlySet<string>;
  /** Those that the session may give a database to. */
  readonly owners: ReadonlySet<string>;
  /** Those whose settings it may write. */
  readonly settable: ReadonlySet<string>;
}

async function readRoles(session: SqlSession): Promise<Roles> {
  const rows = await session.query(
    `SELECT r.rolname AS name, pg_has_role(r.oid, 'usage') AS is_ours, me.rolsuper OR r.rolname = me.rolname AS is_settable
     FROM pg_roles r, pg_roles me WHERE me.rolname = current_user`,
  );
  const named = (of: readonly SqlRow[]) => new Set(of.map((row) => String(row["name"])));
  return {
    known: named(rows),
    owners: named(rows.filter((row) => row["is_ours"] === true)),
    settable: named(rows.filter((row) => row["is_settable"] === true)),
  };
}

/** Without what names a role that is not here, because it could not be made, and what an ordinary role has no right to. */
function renderOwnProperties(
  { name, owner, connectionLimit, grants, settings }: BackedUpDatabase,
  { known, owners, settable }: Roles,
): readonly string[] {
  const isOf =
    (roles: ReadonlySet<string>) =>
    ({ role }: { readonly role: string | undefined }): boolean =>
      role === undefined || roles.has(role);
  return [
    ...(owners.has(owner) ? [`ALTER DATABASE ${quoteName(name)} OWNER TO ${quoteName(owner)}`] : []),
    `ALTER DATABASE ${quoteName(name)} CONNECTION LIMIT ${connectionLimit}`,
    ...(grants === null ? [] : renderGrants(name, grants.filter(isOf(known)))),
    ...renderSettings(name, settings.filter(isOf(settable))),
  ];
}

async function explain(
  session: SqlSession,
  error: unknown,
  label: string,
  swaps: readonly DatabaseSwap[],
): Promise<unknown> {
  const code = sqlStateOf(error);
  if (code === undefined || !(error instanceof Error)) return error;
  for (const { database } of code === "55006" ? swaps : []) {
    const rows = await session.query(sessionsQuery, [database.name]);
    if (rows.length > 0) return inUse(label, database.name, rows);
  }
  return new ToolError("POSTGRES_FAILED", `${label}: ${error.message}.`, {
    hint: "Nothing was changed. Repeat the command, or see the server's log.",
    detail: { server: label, sqlState: code },
    cause: error,
    exitCode: 1,
  });
}
