import { mapAddress, planNameTable } from "../../engine/native/name-table.ts";
import type { PortTable } from "../../engine/plan-ports.ts";
import type { KnownStack } from "./stack-facts-of.ts";

const loopback = /(server at )"127\.0\.0\.1"(?: \(127\.0\.0\.1\))?, port (\d+)/;

/**
 * Natively a service reaches the others on loopback ports, and its log says so. This gives such a line back with the name
 * and port that the Compose file has for the same place.
 */
export function containerAddresses(
  { project, topology }: KnownStack,
  ports: PortTable,
  service: string,
): (text: string) => string {
  const names = planNameTable(project, service, ports);
  const written = new Map<number, string>();
  for (const { service: owner, host, port } of topology.connections) {
    if (owner !== service || host === undefined) continue;
    const address = mapAddress(names, host, port);
    if (address !== undefined && !written.has(address.port)) written.set(address.port, `"${host}", port ${port}`);
  }
  return (text) =>
    text.replace(loopback, (whole, before: string, port: string) => {
      const address = written.get(Number(port));
      return address === undefined ? whole : before + address;
    });
}
