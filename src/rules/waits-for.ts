import type { Dependency, Project } from "../compose/project.ts";

/** An edge of `depends_on`, and whether the service that waits has reached what is asked for through it. */
type Satisfies = (on: string, condition: Dependency["condition"]) => boolean;

/**
 * True when a service starts only after an edge of `depends_on` that satisfies: its own, or one of a service that has to
 * start before it. Any condition will do on the way there, because Compose starts a service after all it waits for.
 */
export function waitsFor(project: Project, service: string, satisfies: Satisfies): boolean {
  const seen = new Set<string>();
  const open = [service];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const [on, { condition }] of Object.entries(project.services[at]?.depends_on ?? {})) {
      if (satisfies(on, condition)) return true;
      open.push(on);
    }
  }
  return false;
}

/** True when `service` starts after `other`, in whatever state: another edge from `other` would close a circle. */
export function startsAfter(project: Project, service: string, other: string): boolean {
  return service === other || waitsFor(project, service, (on) => on === other);
}
