import type { Connection, Topology } from "../topology/topology.ts";
import { intendedServer } from "./intended-server.ts";
import { judgedConnections, type JudgedConnection } from "./judged-connections.ts";
import type { Subject } from "./rule.ts";

/**
 * The topology as it would be if every connection with a wrong host led to the server it was most likely meant for; the
 * same one when there is none. What rules find in it and not in the written one is hidden by the wrong hosts.
 */
export function asIntended(subject: Pick<Subject, "project" | "topology">): Topology {
  const { topology } = subject;
  const judged = new Set<Connection>(judgedConnections(topology));
  const redirected = new Map<Connection, Connection>();
  for (const connection of [...topology.connections, ...topology.migrations.map((one) => one.connection)]) {
    if (connection === undefined || !judged.has(connection)) continue;
    const intended = intendedServer(subject, connection as JudgedConnection);
    if (intended?.guessed !== true) continue;
    const { service, port } = intended.server;
    const target = { kind: "service", service } as const;
    redirected.set(connection, { ...connection, host: service, port, server: service, target });
  }
  if (redirected.size === 0) return topology;
  const follow = <One extends Connection | undefined>(connection: One): One | Connection =>
    connection === undefined ? connection : (redirected.get(connection) ?? connection);
  return {
    ...topology,
    connections: topology.connections.map(follow),
    migrations: topology.migrations.map((one) => ({ ...one, connection: follow(one.connection) })),
  };
}
