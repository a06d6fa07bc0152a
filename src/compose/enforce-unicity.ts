import { addFault, type Faults } from "./faults.ts";
import { formatScalar } from "./format-scalar.ts";
import { parseVolume } from "./parse-volume.ts";
import { createPathTable, stepPath, valueHere, type PathTable } from "./path-table.ts";
import { child, list, mapping, overriding, spanOf, textOf, type Entry, type List, type Tree } from "./tree.ts";

/** The key of a list item, or what is wrong with the item. */
type Indexer = (item: Tree) => string | { readonly fault: string };

const keyValue: Indexer = (item) => {
  const text = textOf(item);
  if (text === undefined) return { fault: "must be text" };
  const split = text.indexOf("=");
  return split === -1 ? text : text.slice(0, split);
};

const volume: Indexer = (item) => {
  if (item.kind === "map") return textOf(child(item, "target")) ?? { fault: "has no mount target" };
  const text = textOf(item);
  if (text === undefined) return "";
  const parsed = parseVolume(text);
  return "fault" in parsed ? parsed : parsed.target;
};

const device: Indexer = (item) => {
  if (item.kind === "map") return textOf(child(item, "target")) ?? { fault: "has no target" };
  const parts = (textOf(item) ?? "").split(":");
  return parts[1] ?? parts[0] ?? "";
};

const port: Indexer = (item) => {
  if (item.kind === "scalar") return typeof item.value === "bigint" ? String(item.value) : (textOf(item) ?? "");
  if (item.kind !== "map") return "";
  if (!item.entries.has("target")) return { fault: "has no target port" };
  const part = (key: string, absent: string) => {
    const value = child(item, key);
    return value?.kind === "scalar" ? `${typeof value.value}=${formatScalar(value.value)}` : absent;
  };
  return [
    part("host_ip", "string=0.0.0.0"),
    part("published", ""),
    part("target", ""),
    part("protocol", "string=tcp"),
  ].join("|");
};

const expose: Indexer = (item) => {
  if (item.kind === "scalar" && (typeof item.value === "string" || typeof item.value === "bigint"))
    return String(item.value);
  return { fault: "must be a port" };
};

const envFile: Indexer = (item) => {
  if (item.kind === "map") return textOf(child(item, "path")) ?? { fault: "has no path" };
  return textOf(item) ?? "";
};

function mount(directory: string): Indexer {
  return (item) => {
    const text = textOf(item);
    if (text !== undefined) return `${directory}/${text}`;
    if (item.kind !== "map") return { fault: "must be a name or a mapping" };
    return textOf(child(item, "target")) ?? `${directory}/${textOf(child(item, "source")) ?? ""}`;
  };
}

const indexers: PathTable<Indexer> = createPathTable<Indexer>([
  ["networks.*.labels", keyValue],
  ["networks.*.ipam.options", keyValue],
  ...[
    "annotations",
    "build.args",
    "build.additional_contexts",
    "build.platform",
    "build.tags",
    "build.labels",
    "cap_add",
    "cap_drop",
    "deploy.labels",
    "dns",
    "dns_opt",
    "dns_search",
    "environment",
    "labels",
    "links",
    "networks.*.aliases",
    "networks.*.link_local_ips",
    "profiles",
    "sysctls",
    "tmpfs",
  ].map((path) => [`services.*.${path}`, keyValue] as const),
  ["services.*.devices", device],
  ["services.*.configs", mount("")],
  ["services.*.env_file", envFile],
  ["services.*.expose", expose],
  ["services.*.ports", port],
  ["services.*.secrets", mount("/run/secrets")],
  ["services.*.volumes", volume],
]);

/**
 * Leaves one item per key in the lists that Compose treats as keyed (environment by name, volumes by target, ports by
 * address, published port, target and protocol, ...): the last one counts, at the place of the first.
 * Source: compose-go override/uncity.go.
 */
export function enforceUnicity(tree: Tree, faults: Faults): Tree {
  return visit(tree, [indexers], [], faults);
}

/** One entry per name in a `KEY=VALUE` list. */
export function uniqueByKeyValue(tree: List, path: readonly string[], faults: Faults): List {
  return unique(tree, keyValue, path, faults);
}

function visit(tree: Tree, tables: readonly PathTable<Indexer>[], path: readonly string[], faults: Faults): Tree {
  if (tables.length === 0 || tree.kind === "scalar") return tree;
  if (tree.kind === "list") {
    const indexer = valueHere(tables);
    return indexer === undefined ? tree : unique(tree, indexer, path, faults);
  }
  const entries = new Map<string, Entry>();
  for (const [key, entry] of tree.entries) {
    const below = stepPath(tables, key);
    const isLeft = below.length === 0 || entry.value.kind === "scalar";
    entries.set(key, isLeft ? entry : { ...entry, value: visit(entry.value, below, [...path, key], faults) });
  }
  return mapping(entries, tree.origin);
}

function unique(tree: List, indexer: Indexer, path: readonly string[], faults: Faults): List {
  const places = new Map<string, number>();
  const items: Tree[] = [];
  for (const [at, item] of tree.items.entries()) {
    const key = indexer(item);
    if (typeof key !== "string") {
      addFault(faults, `${path.join(".")}[${at}]: ${key.fault}`, spanOf(item), {
        kind: "other",
        data: { path: [...path, `[${at}]`] },
      });
      continue;
    }
    const known = places.get(key);
    if (known === undefined) {
      places.set(key, items.length);
      items.push(item);
    } else {
      items[known] = overriding(item, items[known] as Tree);
    }
  }
  return list(items, tree.origin);
}
