import { ToolError } from "../../core/tool-error.ts";
import type { DockerSession } from "../../engine/docker/docker-session.ts";
import type { NativeSession } from "../../engine/native/native-session.ts";
import { openServer } from "../../stack/open-server.ts";
import { openReadSession } from "../../postgres/open-read-session.ts";
import { quoteName } from "../../postgres/quote-sql.ts";
import type { DatabaseServer } from "../../topology/topology.ts";

/** A PostgreSQL service that is to take an application beside what it holds. */
export interface ServerThere {
  readonly server: DatabaseServer;
  readonly databases: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
}

/**
 * What the service `name` of a running project holds. Undefined: the project has no service of that name.
 *
 * @throws ToolError SPLIT_REFUSED where it is no PostgreSQL service
 */
export async function findServerThere(
  session: NativeSession | DockerSession,
  name: string,
  signal: AbortSignal,
): Promise<ServerThere | undefined> {
  const server = session.topology.servers.find(({ service }) => service === name);
  if (server === undefined) {
    if (session.project.services[name] === undefined) return undefined;
    const known = session.topology.servers.map(({ service }) => service).join(", ");
    throw refused(`${name} is a service of this project and no PostgreSQL server.`, [
      `Its PostgreSQL services: ${known}`,
      `For a new one give another name: bulkhead db split --to-server ${name}-db`,
    ]);
  }
  const access = await openReadSession(openServer(session, name), "postgres", signal);
  try {
    const names = async (query: string): Promise<ReadonlySet<string>> =>
      new Set((await access.query(query)).map((row) => String(row["name"])));
    return {
      server,
      databases: await names("SELECT datname AS name FROM pg_database"),
      roles: await names("SELECT rolname AS name FROM pg_roles"),
    };
  } finally {
    await access.close();
  }
}

/** Throws ToolError SPLIT_REFUSED where a server cannot take a part: a name is taken, or it is older than the one it is on. */
export function assertTakes(
  { server: { service, major, superuser }, databases, roles }: ServerThere,
  from: DatabaseServer,
  { database, role }: { readonly database: string; readonly role: string },
): void {
  const other = `Or let it go to a server of its own: bulkhead db split --to-server ${service}-${database}`;
  if (databases.has(database)) {
    throw refused(`There is a database ${database} on ${service} already.`, [
      `If nothing in it is needed, rename it: bulkhead exec ${service} psql -U ${superuser} -c 'ALTER DATABASE ${quoteName(database)} RENAME TO ${quoteName(`${database}_old`)}'`,
      other,
    ]);
  }
  if (roles.has(role)) {
    throw refused(`There is a role ${role} on ${service} already, and its password would be changed.`, [other]);
  }
  if (major < from.major) {
    throw refused(`${service} runs PostgreSQL ${major}, older than ${from.service} with ${from.major}.`, [other]);
  }
}

function refused(message: string, hint: readonly string[]): ToolError {
  return new ToolError("SPLIT_REFUSED", message, { hint: hint.join("\n"), exitCode: 1 });
}
