import { ToolError } from "../core/tool-error.ts";
import type { SqlRow, SqlSession } from "../ports/sql.ts";
import type { DatabaseSummary, ServerPicture } from "./database-picture.ts";

/** The oldest server whose catalogs have what the queries here ask for. */
const OLDEST = 100_000;

const SERVER = `
select current_setting('server_version_num')::int as version,
  pg_is_in_recovery() as in_recovery,
  case when has_function_privilege('pg_control_system()', 'execute')
    then (select system_identifier::text from pg_control_system()) end as system_identifier`;

const DATABASES = `
select d.datname::text as name, pg_get_userbyid(d.datdba)::text as owner, pg_encoding_to_char(d.encoding)::text as encoding,
  d.datcollate::text as collation, d.datallowconn as allows_connections, d.datistemplate as is_template,
  shobj_description(d.oid, 'pg_database') as comment,
  case when $2 and (has_database_privilege(d.oid, 'connect') or pg_has_role('pg_read_all_stats', 'member'))
    then pg_database_size(d.oid)::float8 end as bytes
from pg_database d
where $1::text is null or d.datname = $1
order by d.datname`;

/**
 * A server's version and databases, whatever database the session is on. `measured: false` leaves out their sizes, for
 * which PostgreSQL asks the file system about every table. Throws VERSION_UNKNOWN for a server before 10.
 */
export async function inspectServer(
  session: SqlSession,
  { measured = true }: { readonly measured?: boolean } = {},
): Promise<ServerPicture> {
  const [server = {}] = await session.query(SERVER);
  const version = Number(server["version"]);
  if (version < OLDEST) {
    throw new ToolError("VERSION_UNKNOWN", `The server is PostgreSQL ${Math.floor(version / 10_000)}, older than 10.`, {
      hint: "Its databases cannot be read. Move them to a newer server: pg_dumpall of a newer major reads the old one.",
      detail: { version },
    });
  }
  return {
    version,
    systemIdentifier: (server["system_identifier"] as string | null) ?? undefined,
    inRecovery: server["in_recovery"] === true,
    databases: (await session.query(DATABASES, [null, measured])).map(summaryFrom),
  };
}

/** The database that the session is on. */
export async function inspectSummary(session: SqlSession): Promise<DatabaseSummary> {
  const [current] = await session.query("select current_database()::text as name");
  const [row = {}] = await session.query(DATABASES, [current?.["name"], true]);
  return summaryFrom(row);
}

function summaryFrom(row: SqlRow): DatabaseSummary {
  return {
    name: String(row["name"]),
    owner: String(row["owner"]),
    encoding: String(row["encoding"]),
    collation: String(row["collation"]),
    allowsConnections: row["allows_connections"] === true,
    isTemplate: row["is_template"] === true,
    bytes: row["bytes"] === null ? undefined : Number(row["bytes"]),
    comment: (row["comment"] as string | null) ?? undefined,
  };
}
