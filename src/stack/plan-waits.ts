import type { Project } from "../compose/project.ts";

export type Gate = "started" | "healthy" | "completed";

/** One thing a service waits for before it starts. */
export interface Wait {
  readonly service: string;
  readonly gate: Gate;
}

const gates = {
  service_started: "started",
  service_healthy: "healthy",
  service_completed_successfully: "completed",
} as const;

/** What a service waits for among the services that take part; an optional dependency that does not is left out. */
export function planWaits(project: Project, service: string, taking: ReadonlySet<string>): readonly Wait[] {
  const definition = project.services[service];
  return Object.entries(definition?.depends_on ?? {}).flatMap(([other, dependency]) =>
    taking.has(other) ? [{ service: other, gate: gates[dependency.condition] }] : [],
  );
}

/** A service that runs is started anew when one of these is: `restart: true` of its dependencies. */
export function restartsWith(project: Project, service: string, replaced: ReadonlySet<string>): string | undefined {
  const dependencies = Object.entries(project.services[service]?.depends_on ?? {});
  return dependencies.find(([other, { restart }]) => restart === true && replaced.has(other))?.[0];
}

/** The named services (all when none is named) with everything they depend on, in the project's order. */
export function withDependencies(project: Project, named: readonly string[]): readonly string[] {
  const taking = new Set<string>();
  const add = (service: string): void => {
    if (taking.has(service) || project.services[service] === undefined) return;
    taking.add(service);
    for (const other of Object.keys(project.services[service]?.depends_on ?? {})) add(other);
  };
  for (const service of named.length === 0 ? Object.keys(project.services) : named) add(service);
  return Object.keys(project.services).filter((service) => taking.has(service));
}

/** The services left when some are taken out, and with them everything that depends on one of them. */
export function withoutServices(
  project: Project,
  taking: readonly string[],
  without: readonly string[],
): readonly string[] {
  const out = new Set(without);
  for (let before = -1; before !== out.size;) {
    before = out.size;
    for (const service of taking) {
      const needs = Object.entries(project.services[service]?.depends_on ?? {});
      if (needs.some(([other, { required }]) => required && out.has(other))) out.add(service);
    }
  }
  return taking.filter((service) => !out.has(service));
}

/** Everything a service depends on, through others too: a job in between may have ended, or never run. */
function dependsOn(project: Project, service: string): ReadonlySet<string> {
  return new Set(withDependencies(project, [service]).filter((other) => other !== service));
}

/** Services in stop order: dependents before what they depend on. */
export function stopOrder(project: Project, services: readonly string[]): readonly (readonly string[])[] {
  const left = new Set(services);
  const waves: string[][] = [];
  while (left.size > 0) {
    const wave = [...left].filter(
      (service) => ![...left].some((other) => other !== service && dependsOn(project, other).has(service)),
    );
    const chosen = wave.length > 0 ? wave : [...left];
    for (const service of chosen) left.delete(service);
    waves.push(chosen);
  }
  return waves;
}
