import type { Project } from "../../compose/project.ts";
import type { ServiceRole } from "../../topology/topology.ts";

/** What a service cannot do without, and only an engine of containers has. */
const needsContainers = {
  pre_start: "make it a service of its own, and wait for it with service_completed_successfully",
  models: "only Docker's model runner serves them",
};

/** Services that the native engine cannot run, each with why. */
export function findUnrunnable(
  project: Project,
  roles: readonly ServiceRole[],
): readonly { readonly service: string; readonly why: string }[] {
  return roles.flatMap((role) => {
    const other = project.services[role.service]?.other ?? {};
    const containersOnly = Object.entries(needsContainers).flatMap(([key, why]) =>
      other[key] === undefined ? [] : [{ service: role.service, why: `${key}: ${why}` }],
    );
    if (containersOnly.length > 0) return containersOnly;
    if (role.base === undefined) return [{ service: role.service, why: role.reason ?? "unknown image" }];
    const foreign = role.dockerfile?.foreign ?? [];
    return foreign.map(({ text, line }) => ({
      service: role.service,
      why: `${role.dockerfile?.path}:${line}: ${text.slice(0, 80)}`,
    }));
  });
}
