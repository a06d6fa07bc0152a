import type { Service } from "../compose/project.ts";

/** The names a service answers to on the given networks: key, container name, host name, aliases. */
export function serviceNames(name: string, service: Service, networks: readonly string[]): readonly string[] {
  const aliases = networks.flatMap((network) => service.networks[network]?.aliases ?? []);
  return [
    name,
    ...(service.container_name === undefined ? [] : [service.container_name]),
    ...(service.hostname === undefined ? [] : [service.hostname]),
    ...aliases,
  ];
}
