import type { Connection, Topology } from "./topology.ts";

/** The connections that are written, once for each login of an app to a database: many services name the same. */
export function distinctConnections({ connections }: Pick<Topology, "connections">): readonly Connection[] {
  const distinct = new Map<string, Connection>();
  // A migration names the app's own database; where the app does too, that one also has its version row read.
  const isMigration = (one: Connection): number => Number(one.role === "migration");
  for (const connection of connections.toSorted((a, b) => isMigration(a) - isMigration(b))) {
    if (connection.via === "default") continue;
    const { app, host, port, user, database } = connection;
    const role = connection.role === "migration" ? "metadata" : connection.role;
    const key = [app, role, host, port, user, database].join(" ");
    if (!distinct.has(key)) distinct.set(key, connection);
  }
  return [...distinct.values()];
}
