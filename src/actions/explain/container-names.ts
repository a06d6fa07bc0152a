import { serviceNames } from "../../topology/service-names.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/**
 * Gives the service for the name a log has for its container: `container_name`, a host name or an alias of it, or the
 * project's name before the service's. Other names stay as they are.
 */
export function containerNames(stack: KnownStack | undefined): (name: string) => string {
  if (stack === undefined) return (name) => name;
  const { name: project, services } = stack.project;
  const known = new Map(
    Object.entries(services).flatMap(([key, service]) =>
      serviceNames(key, service, Object.keys(service.networks)).map((name) => [name, key] as const),
    ),
  );
  return (name) => {
    const bare = [`${project}-`, `${project}_`].find((prefix) => name.startsWith(prefix))?.length ?? 0;
    // A service's own name may end like a replica's number, which the reader of lines took off.
    return [name, name.slice(bare)].flatMap((one) => known.get(one) ?? [])[0] ?? name;
  };
}
