import type { Project } from "../compose/project.ts";

/**
 * Keys of the file that mean nothing to processes without a container, by service: labels, logging, deploy, limits,
 * drivers. They are read and printed by `config`.
 */
export function listWithoutEffect(
  project: Project,
  services: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const service of services) {
    const keys = Object.keys(project.services[service]?.other ?? {});
    if (keys.length > 0) found.set(service, keys);
  }
  const drivers = [
    ...Object.entries(project.networks).map(([name, network]) => ({ name: `network ${name}`, other: network.other })),
    ...Object.entries(project.volumes).map(([name, volume]) => ({ name: `volume ${name}`, other: volume.other })),
  ];
  for (const { name, other } of drivers) {
    const keys = Object.keys(other).filter((key) => key === "driver" || key === "driver_opts");
    if (keys.length > 0) found.set(name, keys);
  }
  return found;
}
