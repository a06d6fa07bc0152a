import type { Project, Service } from "../compose/project.ts";
import { serviceNames } from "./service-names.ts";

/**
 * Where a host name leads from inside a service's container.
 *
 * - `service`: a service of the project, over a network both share, or by a fixed address
 * - `self`: the container itself (`localhost`, `127.0.0.1`); `services`: all that live in its network namespace
 * - `host`: the machine: `host.docker.internal`, `host-gateway`, or `localhost` under `network_mode: host`
 * - `no-shared-network`: a service has the name, on other networks (or none: it lives in the network of another one)
 * - `inactive`: a service has the name, none of whose profiles is active
 * - `unknown-name`: nothing has the name, and nothing outside can have it
 * - `unknown`: only a machine can tell (external networks, full domain names, addresses, own DNS servers)
 */
export type HostResolution =
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "self"; readonly services: readonly string[] }
  | { readonly kind: "host" }
  | { readonly kind: "no-shared-network"; readonly service: string }
  | { readonly kind: "inactive"; readonly service: string }
  | { readonly kind: "unknown-name" }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * What `host` means from inside the service `from`, as Docker's resolver answers: case does not count, a network's real
 * name may follow after a dot. Sources: moby libnetwork resolver.go, daemon/container_operations.go (names of an
 * endpoint); Compose reference (links, extra_hosts, network_mode). Every part of the answer is a fact of the file.
 */
export function resolveHost(project: Project, from: string, host: string): HostResolution {
  const wanted = host
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^\[(.*)\]$/, "$1");
  const owner = namespaceOwner(project, from);
  if (owner === undefined) return { kind: "unknown", reason: `${from} uses the network of a container outside` };
  const service = project.services[owner] ?? project.disabledServices[owner];
  if (service === undefined) return { kind: "unknown", reason: `${owner} is no service` };
  const isOnHost = service.network_mode === "host";
  if (wanted === "localhost" || wanted.endsWith(".localhost") || /^(127\.|0\.0\.0\.0$|::1?$)/.test(wanted))
    return isOnHost ? { kind: "host" } : { kind: "self", services: namespaceMembers(project, owner) };
  const written = extraHost(service, wanted);
  if (written !== undefined)
    return written === "host-gateway" ? { kind: "host" } : resolveAddress(project, service, owner, written);
  if (wanted === "host.docker.internal" || wanted === "gateway.docker.internal") return { kind: "host" };
  if (isAddress(wanted)) return resolveAddress(project, service, owner, wanted);
  if (service.network_mode === "none") return { kind: "unknown-name" };
  return (isOnHost ? undefined : resolveName(project, service, owner, wanted)) ?? outside(project, service, wanted);
}

/** Follows `network_mode: service:x`; undefined for `container:x` and for a circle. */
function namespaceOwner(project: Project, name: string): string | undefined {
  let current = name;
  for (let step = 0; step < 16; step += 1) {
    const mode = (project.services[current] ?? project.disabledServices[current])?.network_mode ?? "";
    if (mode.startsWith("container:")) return undefined;
    if (!mode.startsWith("service:")) return current;
    current = mode.slice("service:".length);
  }
  return undefined;
}

function namespaceMembers(project: Project, owner: string): readonly string[] {
  return Object.keys(project.services).filter((name) => namespaceOwner(project, name) === owner);
}

/** `name=address` or `name:address`; the last one written wins, as in /etc/hosts the first. */
function extraHost(service: Service, host: string): string | undefined {
  for (const line of service.extra_hosts ?? []) {
    const at = line.includes("=") ? line.indexOf("=") : line.indexOf(":");
    if (line.slice(0, at).toLowerCase() === host) return line.slice(at + 1).replace(/^\[(.*)\]$/, "$1");
  }
  return undefined;
}

function isAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) || host.includes(":");
}

function resolveAddress(project: Project, from: Service, owner: string, address: string): HostResolution {
  if (address.startsWith("127.") || address === "::1")
    return { kind: "self", services: namespaceMembers(project, owner) };
  for (const [name, service] of Object.entries(project.services)) {
    for (const [network, attachment] of Object.entries(service.networks)) {
      const { ipv4_address: four, ipv6_address: six } = attachment?.other ?? {};
      if (four !== address && six !== address) continue;
      return network in from.networks
        ? { kind: "service", service: name }
        : { kind: "no-shared-network", service: name };
    }
  }
  return { kind: "unknown", reason: `${address} is an address outside the project` };
}

function resolveName(project: Project, from: Service, owner: string, host: string): HostResolution | undefined {
  const linked = linkTarget(from, host);
  const isNamed = (name: string, service: Service, networks: readonly string[]): boolean =>
    name === linked ||
    serviceNames(name, service, networks).some((one) => matches(project, one.toLowerCase(), networks, host));
  let elsewhere: string | undefined;
  for (const [name, service] of Object.entries(project.services)) {
    const shared = Object.keys(service.networks).filter((network) => network in from.networks);
    if ((shared.length > 0 || name === owner) && isNamed(name, service, shared))
      return { kind: "service", service: name };
    if (isNamed(name, service, Object.keys(service.networks))) elsewhere ??= name;
  }
  const external = externalNetwork(project, from);
  if (elsewhere !== undefined && external === undefined) return { kind: "no-shared-network", service: elsewhere };
  if (elsewhere !== undefined) return { kind: "unknown", reason: `${host} may be on the external network ${external}` };
  const inactive = Object.entries(project.disabledServices).find(([name, service]) =>
    isNamed(name, service, Object.keys(service.networks)),
  );
  return inactive === undefined ? undefined : { kind: "inactive", service: inactive[0] };
}

/** A name alone, or followed by the real name of a network. */
function matches(project: Project, name: string, networks: readonly string[], host: string): boolean {
  return (
    name === host ||
    (host.startsWith(`${name}.`) &&
      networks.some((network) => `${name}.${project.networks[network]?.name.toLowerCase() ?? network}` === host))
  );
}

/** `links: [SERVICE:ALIAS]` gives the target a second name, seen from this service only. */
function linkTarget(from: Service, host: string): string | undefined {
  const links = from.other["links"];
  for (const link of Array.isArray(links) ? (links as unknown[]) : []) {
    const [service, alias] = String(link).split(":");
    if (alias?.toLowerCase() === host) return service;
  }
  return undefined;
}

function externalNetwork(project: Project, from: Service): string | undefined {
  return Object.keys(from.networks).find((network) => project.networks[network]?.external === true);
}

function outside(project: Project, from: Service, host: string): HostResolution {
  const external = externalNetwork(project, from);
  if (external !== undefined) return { kind: "unknown", reason: `${host} may be on the external network ${external}` };
  if (from.network_mode !== undefined && !["none", "bridge", "default"].includes(from.network_mode))
    return { kind: "unknown", reason: `${host} is looked up by the host (network_mode: ${from.network_mode})` };
  if (host.includes(".")) return { kind: "unknown", reason: `${host} is a domain name outside the project` };
  if (from.other["external_links"] !== undefined)
    return { kind: "unknown", reason: `${host} may be one of external_links` };
  const own = ["dns", "dns_search"].find((key) => from.other[key] !== undefined);
  return own === undefined
    ? { kind: "unknown-name" }
    : { kind: "unknown", reason: `${host} may be known to the service's own ${own}` };
}
