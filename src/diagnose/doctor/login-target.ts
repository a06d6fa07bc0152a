import { connectionTarget } from "../../engine/connection-target.ts";
import type { SqlTarget, SqlTls } from "../../ports/sql.ts";
import type { Connection } from "../../topology/topology.ts";
import type { StackPlace } from "./doctor-place.ts";

/** How long a login may take: a busy server asks for a new process first. */
export const CONNECT_MS = 8_000;

/**
 * Where a connection logs in, as this machine reaches it, with what its URL or libpq's variables want of the session:
 * search_path and TLS. Certificates lie in the container and are not checked here. Undefined: no service of the project.
 */
export function loginTarget(
  { session, ports }: Pick<StackPlace, "session" | "ports">,
  connection: Connection,
): SqlTarget | undefined {
  const target = connectionTarget(session, ports, connection);
  if (target === undefined) return undefined;
  const query = connection.url?.query ?? {};
  const environment = session.topology.services[connection.service]?.environment ?? {};
  const options = query["options"] ?? environment["PGOPTIONS"];
  const tls = tlsOf(query["sslmode"] ?? query["ssl"] ?? environment["PGSSLMODE"]);
  return {
    ...target,
    connectTimeoutMs: CONNECT_MS,
    ...(options === undefined ? {} : { options }),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** Without a word about it, TLS is what a server gets that takes nothing else. */
function tlsOf(mode: string | undefined): SqlTls | undefined {
  switch (mode) {
    case "disable":
      return undefined;
    case "require":
    case "verify-ca":
    case "verify-full":
      return { mode: "require" };
    case "prefer":
      return { mode };
    default:
      return { mode: "allow" };
  }
}
