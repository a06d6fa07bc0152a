import type { App, Connection, Migration, Topology } from "../topology/topology.ts";

/** The app's services that stay up and need its tables. */
export function longRunning(topology: Topology, app: App): readonly string[] {
  return app.services.filter((service) => {
    const role = topology.services[service];
    return role?.component !== undefined && !role.oneShot && metadataOf(topology, service) !== undefined;
  });
}

/** The connection to the app's own tables. */
export function metadataOf(topology: Topology, service: string): Connection | undefined {
  return topology.connections.find(
    (one) => one.service === service && one.role === "metadata" && one.state.kind === "known",
  );
}

/** Everything that migrates the database a connection leads to. */
export function migrationsOf({ migrations }: Topology, connection: Connection): readonly Migration[] {
  return migrations.filter((one) => one.connection === undefined || isSameDatabase(one.connection, connection));
}

export function isSameDatabase(one: Connection, other: Connection): boolean {
  return (
    one.state.kind === "known" &&
    other.state.kind === "known" &&
    one.server === other.server &&
    one.database === other.database &&
    (one.schema ?? "public") === (other.schema ?? "public")
  );
}
