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

/** Joins what single faults hide. */
export function gatherHidden(collected: {
  readonly faults: readonly { readonly hides?: readonly Hidden[] }[];
  readonly unsupported: readonly { readonly hides?: readonly Hidden[] }[];
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
