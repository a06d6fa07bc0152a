import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import { isSqlFailure } from "../../ports/sql.ts";
import { createServerAccess } from "../../supply/create-server-access.ts";
import { ensurePostgresClients } from "../../supply/ensure-postgres-clients.ts";
import { recordedPorts, type NativeSession } from "./native-session.ts";
import type { PortTable } from "../plan-ports.ts";

/**
 * The way to a project's server as its bootstrap superuser, over the project's private socket: no password is asked there,
 * so one that drifted is no obstacle. Client programs are fetched on first use. `ports`: the project's as they are now, where
 * they were settled after the session was opened. ToolError SERVICE_UNKNOWN, PROJECT_NOT_RUNNING.
 */
export function openServerAccess(session: NativeSession, service: string, ports?: PortTable): ServerAccess {
  const server = session.topology.servers.find((one) => one.service === service);
  if (server === undefined) {
    throw new ToolError("SERVICE_UNKNOWN", `${service} is no PostgreSQL service of ${session.project.name}.`, {
      hint: "bulkhead ps",
    });
  }
  const address = Object.values((ports ?? recordedPorts(session))[service] ?? {})[0];
  if (address === undefined) throw notRunning(service, "it was never started here");
  const { port } = address;
  const { sockets } = session.layout;
  return createServerAccess(session.home.ports, {
    label: service,
    withCopy: undefined,
    role: server.superuser,
    connect: async (database, signal) => {
      const target = { host: sockets, port, user: server.superuser, database, signal };
      const outcome = await session.home.ports.sql.connect(target);
      if (!isSqlFailure(outcome)) return outcome;
      if (outcome.failure === "refused") throw notRunning(service, "nothing answers on its socket");
      throw new ToolError("POSTGRES_UNREACHABLE", `${service}: ${outcome.reason}`, {
        hint: `bulkhead logs ${service}`,
        detail: { service, database, sqlState: outcome.sqlState },
        exitCode: 1,
      });
    },
    command: async (program, args) => {
      const { binDirectory } = await ensurePostgresClients(session.supply, server.major);
      return {
        argv: [join(binDirectory, program), ...args],
        env: {
          LANG: "C.UTF-8",
          LC_ALL: "C.UTF-8",
          PATH: `${binDirectory}:/usr/bin:/bin`,
          PGHOST: sockets,
          PGPORT: String(port),
          PGUSER: server.superuser,
          PGAPPNAME: "bulkhead",
        },
      };
    },
  });
}

function notRunning(service: string, why: string): ToolError {
  return new ToolError("POSTGRES_UNREACHABLE", `${service} does not run: ${why}.`, {
    hint: `bulkhead up ${service}`,
    detail: { service },
    exitCode: 1,
  });
}
