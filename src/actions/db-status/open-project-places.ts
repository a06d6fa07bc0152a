import { quoteWord } from "../../core/quote-word.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { DockerSession } from "../../engine/docker/docker-session.ts";
import type { NativeSession } from "../../engine/native/native-session.ts";
import { openServer } from "../../stack/open-server.ts";
import type { Connection, DatabaseServer } from "../../topology/topology.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { findInstalledHistories } from "../find-installed-histories.ts";
import { openEngineSession } from "../open-project.ts";
import type { StatusPlace } from "./status-place.ts";

/**
 * The project's PostgreSQL services, or the one that `subject` names (`SERVER`, `SERVER/DATABASE`, or a database's name).
 * A server that does not run is told when it is looked at. Throws SERVICE_UNKNOWN.
 */
export async function openProjectPlaces(
  context: ActionContext,
  options: ProjectOptions,
  subject: string | undefined,
): Promise<readonly StatusPlace[]> {
  const session = await openEngineSession(context, options);
  if (session.engine === "docker") await session.look();
  const { servers } = session.topology;
  const slash = subject?.indexOf("/") ?? -1;
  const head = slash < 0 ? subject : subject?.slice(0, slash);
  const named = servers.find(({ service }) => service === head);
  if (servers.length === 0 || (slash >= 0 && named === undefined)) {
    const known = servers.map(({ service }) => service).join(", ");
    throw new ToolError(
      "SERVICE_UNKNOWN",
      `${session.project.name} has no PostgreSQL service${head === undefined || servers.length === 0 ? "" : ` ${head}`}.`,
      {
        hint:
          servers.length === 0
            ? "bulkhead db status --url postgresql://USER@HOST:5432/DATABASE"
            : `Its PostgreSQL services: ${known}`,
      },
    );
  }
  const installed = await findInstalledHistories(session);
  const database = slash >= 0 ? subject?.slice(slash + 1) : named === undefined ? subject : undefined;
  return (named === undefined ? servers : [named]).map((server) => placeOf(session, server, { database, installed }));
}

function placeOf(
  session: NativeSession | DockerSession,
  server: DatabaseServer,
  { database, installed }: Pick<StatusPlace, "database" | "installed">,
): StatusPlace {
  const users = session.topology.connections.filter((connection) => connection.server === server.service);
  const leadsTo = (connection: Connection, name: string) => (connection.database ?? connection.user) === name;
  return {
    access: accessOf(session, server),
    maintenance: "postgres",
    database,
    installed,
    isUsed: (name) => users.some((connection) => leadsTo(connection, name)),
    usersOf: (name) =>
      users
        .filter((connection) => leadsTo(connection, name))
        .flatMap(({ service, role, user, schema }) => {
          const product = session.topology.services[service]?.product;
          if (product === undefined || product === "postgres") return [];
          return [{ owner: role === "auth" ? ("mlflow-auth" as const) : product, role: user, schema }];
        }),
    subjectOf: (name) => quoteWord(`${server.service}/${name}`),
  };
}

/** Opened at the first connection, so that a server that does not run is told like one that does not answer. */
function accessOf(
  session: NativeSession | DockerSession,
  { service, superuser }: DatabaseServer,
): StatusPlace["access"] {
  return {
    label: service,
    role: superuser,
    connect: async (database, signal) => openServer(session, service).connect(database, signal),
  };
}
