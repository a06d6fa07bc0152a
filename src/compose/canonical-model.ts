import { canonicaliseTree } from "./canonical-tree.ts";
import { enforceUnicity } from "./enforce-unicity.ts";
import type { Faults } from "./faults.ts";
import { asMapping, child, isNull, list, mapping, textOf, withEntry, type Entry, type Mapping } from "./tree.ts";

/** A whole model in canonical form, each keyed list with one item per key. Source: compose-go loader/loader.go. */
export function canonicaliseModel(tree: Mapping, faults: Faults): Mapping {
  return asMapping(enforceUnicity(dropEmptyDns(asMapping(canonicaliseTree(tree, faults))), faults));
}

/** Blank DNS servers are left out, so that `dns: ${DNS}` may be unset. Source: compose-go loader/omitEmpty.go. */
function dropEmptyDns(model: Mapping): Mapping {
  const drop = (container: Mapping) => {
    const dns = child(container, "dns");
    if (dns?.kind !== "list") return container;
    return withEntry(
      container,
      "dns",
      list(
        dns.items.filter((item) => !isNull(item) && textOf(item) !== ""),
        dns.origin,
      ),
    );
  };
  return mapContainers(mapContainers(model, "services", drop), "jobs", drop);
}

function mapContainers(model: Mapping, kind: "services" | "jobs", work: (container: Mapping) => Mapping): Mapping {
  const containers = child(model, kind);
  if (containers?.kind !== "map") return model;
  const entries = new Map<string, Entry>();
  for (const [name, entry] of containers.entries) {
    entries.set(name, entry.value.kind === "map" ? { ...entry, value: work(entry.value) } : entry);
  }
  return withEntry(model, kind, mapping(entries, containers.origin));
}
