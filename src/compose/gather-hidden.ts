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
  spread(byService, collected.bases);
  const of = (service: string) => {
    const attributes = byService.get(service);
    if (everything || attributes?.has("*")) return ["*"];
    return attributes === undefined ? [] : [...attributes];
  };
  return {
    resources: resources || everything,
    of,
    has: (service, attribute) => of(service).some((known) => known === "*" || known === attribute),
  };
}

/** Gives every service what the services lack that it is built on, directly or not. */
function spread(byService: Map<string, Set<string>>, bases: ReadonlyMap<string, ReadonlySet<string>>): void {
  if (byService.size === 0) return;
  const builtOn = new Map<string, string[]>();
  for (const [service, own] of bases) {
    for (const base of own) {
      const services = builtOn.get(base);
      if (services === undefined) builtOn.set(base, [service]);
      else services.push(service);
    }
  }
  // Who gains something is looked at again, so that it reaches all.
  const changed = [...byService.keys()];
  for (let base = changed.pop(); base !== undefined; base = changed.pop()) {
    for (const service of builtOn.get(base) ?? []) {
      const attributes = byService.get(service) ?? new Set();
      const before = attributes.size;
      for (const attribute of byService.get(base) ?? []) attributes.add(attribute);
      byService.set(service, attributes);
      if (attributes.size > before) changed.push(service);
    }
  }
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
