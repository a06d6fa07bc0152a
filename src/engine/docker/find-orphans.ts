import type { Project } from "../../compose/project.ts";
import type { Container } from "./container.ts";

/** Containers of services that the file no longer has. */
export function findOrphans(
  { services, disabledServices }: Pick<Project, "services" | "disabledServices">,
  containers: readonly Container[],
): readonly Container[] {
  return containers.filter(({ service }) => !(service in services) && !(service in disabledServices));
}
