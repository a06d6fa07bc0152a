import type { Faults } from "./faults.ts";
import { mergeTrees } from "./merge-trees.ts";
import { child, isNull, list, mapping, withEntry, withoutEntry, type Entry, type Mapping, type Tree } from "./tree.ts";

/**
 * Renames attributes that began as extensions: a service's `x-develop` and a watch's `x-initialSync`. What is written
 * under the proper name wins. Source: compose-go loader/aliases.go.
 */
export function promoteAliases(model: Mapping, faults: Faults): Mapping {
  const services = child(model, "services");
  if (services?.kind !== "map") return model;
  const entries = new Map<string, Entry>();
  for (const [name, entry] of services.entries) {
    entries.set(name, { ...entry, value: promoteInService(entry.value, ["services", name], faults) });
  }
  return withEntry(model, "services", mapping(entries, services.origin));
}

function promoteInService(service: Tree, path: readonly string[], faults: Faults): Tree {
  if (service.kind !== "map") return service;
  const renamed = promote(service, "x-develop", "develop", path, faults);
  const develop = child(renamed, "develop");
  const watch = child(develop, "watch");
  if (develop?.kind !== "map" || watch?.kind !== "list") return renamed;
  const items = watch.items.map((item) =>
    item.kind === "map"
      ? promote(item, "x-initialSync", "initial_sync", [...path, "develop", "watch", "[]"], faults)
      : item,
  );
  return withEntry(renamed, "develop", withEntry(develop, "watch", list(items, watch.origin)));
}

function promote(tree: Mapping, alias: string, name: string, path: readonly string[], faults: Faults): Mapping {
  const extension = tree.entries.get(alias);
  if (extension === undefined) return tree;
  const rest = withoutEntry(tree, alias);
  const own = child(tree, name);
  return own === undefined || isNull(own)
    ? withEntry(rest, name, extension.value, extension.keySpan)
    : withEntry(rest, name, mergeTrees(extension.value, own, [...path, name], faults));
}
