import type { BackedUpDatabase } from "../postgres/archive/backup-manifest.ts";
import type { Topology } from "../topology/topology.ts";

/** The applications of a project that keep their state in a database. */
export function appsOfDatabase(topology: Topology, service: string, database: string): BackedUpDatabase["apps"] {
  const users = new Set(
    topology.connections
      .filter((connection) => connection.server === service && connection.database === database)
      .map(({ app }) => app),
  );
  return topology.apps.filter(({ id }) => users.has(id)).map(({ id, product, version }) => ({ id, product, version }));
}
