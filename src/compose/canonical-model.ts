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
  return mapServices(model, (service) => {
    const dns = child(service, "dns");
    if (dns?.kind !== "list") return service;
    return withEntry(
      service,
      "dns",
      list(
        dns.items.filter((item) => !isNull(item) && textOf(item) !== ""),
        dns.origin,
      ),
    );
  });
}

function mapServices(model: Mapping, work: (service: Mapping, name: string) => Mapping): Mapping {
  const services = child(model, "services");
  if (services?.kind !== "map") return model;
  const entries = new Map<string, Entry>();
  for (const [name, entry] of services.entries) {
    entries.set(name, entry.value.kind === "map" ? { ...entry, value: work(entry.value, name) } : entry);
  }
  return withEntry(model, "services", mapping(entries, services.origin));
}
