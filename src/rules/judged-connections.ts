import type { Connection } from "../topology/topology.ts";
import type { Topology } from "../topology/topology.ts";

/** A connection to PostgreSQL whose text is known to its end. */
export type JudgedConnection = Connection & { readonly url: NonNullable<Connection["url"]> };

/** The connections whose parts may be judged: fully known, and meant for PostgreSQL (`postgres://` too). */
export function judgedConnections({ connections }: Topology): readonly JudgedConnection[] {
  return connections.filter(
    (connection): connection is JudgedConnection =>
      connection.state.kind === "known" &&
      connection.url !== undefined &&
      connection.url.dialect.startsWith("postgres"),
  );
}

/** The key under which rules tell of a connection: `connection mlflow metadata`. */
export function aboutConnection({ service, role }: Connection): string {
  return `connection ${service} ${role}`;
}

const products: Readonly<Record<string, string>> = { airflow: "Airflow", mlflow: "MLflow" };

/** `Airflow's database`, `MLflow's model registry`. */
export function nameConnection(topology: Topology, { service, app, role }: Connection): string {
  const id = topology.apps.find((one) => one.id === app)?.product ?? topology.services[service]?.product;
  const product = products[id ?? ""] ?? service;
  const held = {
    metadata: "database",
    results: "task results",
    registry: "model registry",
    auth: "users",
    migration: "database",
    async: "asynchronous connection",
  }[role];
  return `${product}'s ${held}`;
}
