import type { Project } from "../../compose/project.ts";
import { serviceNames } from "../../topology/service-names.ts";
import type { PortTable } from "../plan-ports.ts";

/** What a unit's Python hook reads (resources/python/name_hook.py): names and container ports -> loopback ports. */
export interface NameTable {
  readonly hostname: string;
  readonly own: Readonly<Record<string, number>>;
  readonly names: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The names that resolve inside one service: those of every service on a network it shares, itself included. */
export function planNameTable(project: Project, service: string, ports: PortTable): NameTable {
  const own = project.services[service];
  const networks = Object.keys(own?.networks ?? {});
  const names: Record<string, Record<string, number>> = {};
  for (const [other, definition] of Object.entries(project.services)) {
    const shared = Object.keys(definition.networks).filter((network) => networks.includes(network));
    if (shared.length === 0 && other !== service) continue;
    for (const name of serviceNames(other, definition, shared)) names[name.toLowerCase()] = portNumbers(ports, other);
  }
  return { hostname: own?.hostname ?? service, own: portNumbers(ports, service), names };
}

function portNumbers(ports: PortTable, service: string): Record<string, number> {
  return Object.fromEntries(Object.entries(ports[service] ?? {}).map(([target, { port }]) => [target, port]));
}

/** Where `host:port` of a connection string leads, or undefined when the name is none of the table's. */
export function mapAddress(table: NameTable, host: string, port: number): { host: string; port: number } | undefined {
  const known = table.names[host.toLowerCase()];
  // A known name without that port is refused in a container too; nothing listens on tcpmux.
  if (known !== undefined) return { host: "127.0.0.1", port: known[port] ?? 1 };
  const own = host === "localhost" || host === "127.0.0.1" ? table.own[port] : undefined;
  return own === undefined ? undefined : { host: "127.0.0.1", port: own };
}
