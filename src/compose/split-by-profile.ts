import type { Variables } from "./interpolate-tree.ts";
import type { LoadRequest } from "./load-request.ts";
import type { Project } from "./project.ts";
import { child, defaultOrigin, mapping, textOf, type Entry, type Mapping, type Tree } from "./tree.ts";

interface Split {
  readonly enabled: Mapping;
  readonly disabled: Mapping;
}

/** Services and jobs by whether one of their profiles is active; without profiles they always are. */
export function splitByProfile(
  model: Mapping,
  request: LoadRequest,
  variables: Variables,
): { readonly services: Split; readonly jobs: Split; readonly profiles: Project["profiles"] } {
  const active = activeProfiles(request, variables);
  const named = new Set<string>();
  const services = split(child(model, "services"), active, named);
  const jobs = split(child(model, "jobs"), active, named);
  return { services, jobs, profiles: { active, declared: [...named] } };
}

function split(workloads: Tree | undefined, active: readonly string[], named: Set<string>): Split {
  const enabled = new Map<string, Entry>();
  const disabled = new Map<string, Entry>();
  for (const [name, entry] of workloads?.kind === "map" ? workloads.entries : []) {
    const profiles = child(entry.value, "profiles");
    const own = profiles?.kind === "list" ? profiles.items.map((item) => textOf(item) ?? "") : [];
    for (const profile of own) named.add(profile);
    const runs = own.length === 0 || active.includes("*") || own.some((profile) => active.includes(profile));
    (runs ? enabled : disabled).set(name, entry);
  }
  const origin = workloads?.origin ?? defaultOrigin;
  return { enabled: mapping(enabled, origin), disabled: mapping(disabled, origin) };
}

function activeProfiles(request: LoadRequest, variables: Variables): readonly string[] {
  if (request.profiles.length > 0) return request.profiles;
  return (variables.get("COMPOSE_PROFILES")?.value ?? "")
    .split(",")
    .map((profile) => profile.trim())
    .filter((profile) => profile !== "");
}
