import { ToolError } from "../core/tool-error.ts";
import type { SqlSession } from "../ports/sql.ts";
import type { ServerPicture } from "./database-picture.ts";
import { summaryFrom, summaryQuery } from "./database-summary.ts";

/** The majors whose catalogs are known to have what the queries here ask for. */
const OLDEST = 10;
const NEWEST = 18;

const VERSION = "select current_setting('server_version_num')::int as version";

const STATE = `
select pg_is_in_recovery() as in_recovery,
  case when has_function_privilege('pg_control_system()', 'execute')
    then (select system_identifier::text from pg_control_system()) end as system_identifier`;

/**
 * A server's version and databases, whatever database the session is on. `measured: false` leaves out their sizes, for
 * which PostgreSQL asks the file system about every table. Throws VERSION_UNKNOWN for a server before 10 or after 18.
 *
 * @param options.label what people call the server
 */
export async function inspectServer(
  session: SqlSession,
  { measured = true, label = "The server" }: { readonly measured?: boolean; readonly label?: string } = {},
): Promise<ServerPicture> {
  // By itself: an old server knows none of the rest.
  const version = Number((await session.query(VERSION))[0]?.["version"]);
  const major = Math.floor(version / 10_000);
  if (major < OLDEST || major > NEWEST) throw unknownVersion(label, major);
  const [state = {}] = await session.query(STATE);
  return {
    version,
    systemIdentifier: (state["system_identifier"] as string | null) ?? undefined,
    inRecovery: state["in_recovery"] === true,
    databases: (await session.query(summaryQuery({ of: "all", measured }))).map(summaryFrom),
  };
}

function unknownVersion(label: string, major: number): ToolError {
  return new ToolError("VERSION_UNKNOWN", `${label} is PostgreSQL ${major}; ${OLDEST} to ${NEWEST} can be read.`, {
    hint:
      major < OLDEST
        ? "Move its databases to a newer server: pg_dumpall of a newer major reads the old one."
        : "npm install -g bulkhead@latest",
    detail: { major },
  });
}
