import type { Connection, Topology } from "./topology.ts";

/** The database of an application's own tables as a service opens it: its store, or the one its migration works on. */
export function storeConnection(topology: Pick<Topology, "connections">, service: string): Connection | undefined {
  const own = topology.connections.filter((one) => one.service === service);
  return own.find((one) => one.role === "metadata") ?? own.find((one) => one.role === "migration");
}
