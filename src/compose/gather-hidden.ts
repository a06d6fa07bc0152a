import type { Hidden, WrittenPath } from "./compose-fault.ts";

/** Everything that faults keep from being known, by where one would look. */
export interface HiddenParts {
  /** Services, networks or volumes may exist that nobody saw. */
  readonly resources: boolean;
  /** Attributes of a service that are not fully known; `*`: all of them. */
  of(service: string): readonly string[];
  /** True when the attribute of the service is not fully known. */
  has(service: string, attribute: string): boolean;
}

/** Joins what single faults hide; a service lacks what one it is built on lacks. */
export function gatherHidden(collected: {
  readonly faults: readonly { readonly hides?: readonly Hidden[] }[];
  readonly unsupported: readonly { readonly hides?: readonly Hidden[] }[];
  readonly bases: ReadonlyMap<string, ReadonlySet<string>>;
}): HiddenParts {
  const byService = new Map<string, Set<string>>();
  let resources = false;
  let everything = false;
  for (const { hides } of [...collected.faults, ...collected.unsupported]) {
    for (const hidden of hides ?? []) {
      if (hidden === "everything") everything = true;
      else if (hidden === "resources") resources = true;
      else {
        const attributes = byService.get(hidden.service) ?? new Set();
        byService.set(hidden.service, attributes.add(hidden.attribute ?? "*"));
      }
    }
  }
  const of = (service: string) => {
    if (everything) return ["*"];
    if (byService.size === 0) return [];
    const attributes = new Set(
      [...withBases(service, collected.bases)].flatMap((name) => [...(byService.get(name) ?? [])]),
    );
    return attributes.has("*") ? ["*"] : [...attributes];
  };
  return {
    resources: resources || everything,
    of,
    has: (service, attribute) => of(service).some((known) => known === "*" || known === attribute),
  };
}

/** A service and all it is built on. */
function withBases(service: string, bases: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const all = new Set([service]);
  // A set gives what is added while it is walked.
  for (const name of all) for (const base of bases.get(name) ?? []) all.add(base);
  return all;
}

/** What leaving out the value at a path of the written model hides. */
export function hiddenAt(path: WrittenPath): readonly Hidden[] {
  const [section, name, attribute] = path;
  if (section === undefined) return ["everything"];
  if (section === "services" && name !== undefined) {
    if (attribute === undefined || attribute === "extends") return [{ service: name }];
    return [{ service: name, attribute }];
  }
  const holdsResources = ["include", "services", "networks", "volumes", "secrets", "configs"].includes(section);
  return holdsResources && (section === "include" || path.length <= 2) ? ["resources"] : [];
}
