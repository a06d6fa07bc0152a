import type { SqlTarget } from "../ports/sql.ts";
import { resolveHost } from "../topology/resolve-host.ts";
import type { Connection } from "../topology/topology.ts";
import type { PortTable } from "./plan-ports.ts";
import type { Session } from "./session.ts";

/** The address of a connection as this machine reaches it; undefined when its host is none of the project's. */
export function connectionTarget(
  session: Pick<Session, "project">,
  ports: PortTable,
  connection: Connection,
): SqlTarget | undefined {
  const { service, host, port, user, password } = connection;
  if (host === undefined || user === undefined) return undefined;
  const resolved = resolveHost(session.project, service, host);
  const services = resolved.kind === "service" ? [resolved.service] : resolved.kind === "self" ? resolved.services : [];
  if (services.length === 0) return undefined;
  const address = services.map((one) => ports[one]?.[port]).find((one) => one !== undefined);
  // A port that nothing opens is refused in a container too; nothing listens on tcpmux.
  const place = address ?? { host: "127.0.0.1", port: 1 };
  return {
    host: place.host === "0.0.0.0" ? "127.0.0.1" : place.host,
    port: place.port,
    user,
    ...(password === undefined ? {} : { password }),
    database: connection.database ?? user,
  };
}
