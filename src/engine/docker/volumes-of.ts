import type { Project } from "../../compose/project.ts";

/** Names of the volumes that a service's containers get by the file; anonymous ones have none. */
export function volumesOf(
  { services, volumes }: Pick<Project, "services" | "volumes">,
  service: string,
): readonly string[] {
  return (services[service]?.volumes ?? []).flatMap(({ type, source }) =>
    type === "volume" && source !== undefined ? (volumes[source]?.name ?? []) : [],
  );
}
