import type { WrittenPath } from "./compose-fault.ts";
import { emptyMapping, list, mapping, type Entry, type Mapping, type Tree } from "./tree.ts";

/** A model without the values at some paths (list items are `[0]`, `[1]`, ...); the model itself when there are none. */
export function prunePaths(model: Mapping, paths: readonly WrittenPath[]): Mapping {
  if (paths.length === 0) return model;
  const pruned = prune(model, paths, 0);
  return pruned?.kind === "map" ? pruned : emptyMapping;
}

/** `paths` all lead through `tree`, which stands `depth` keys below the root. */
function prune(tree: Tree, paths: readonly WrittenPath[], depth: number): Tree | undefined {
  if (paths.some((path) => path.length === depth)) return undefined;
  if (tree.kind === "scalar") return tree;
  const deeper = new Map<string, WrittenPath[]>();
  for (const path of paths) {
    const key = path[depth] as string;
    const below = deeper.get(key);
    if (below === undefined) deeper.set(key, [path]);
    else below.push(path);
  }
  const keep = (value: Tree, key: string) => {
    const below = deeper.get(key);
    return below === undefined ? value : prune(value, below, depth + 1);
  };
  if (tree.kind === "list") {
    const items = tree.items.flatMap((item, at) => keep(item, `[${at}]`) ?? []);
    return list(items, tree.origin);
  }
  const entries = new Map<string, Entry>();
  for (const [key, entry] of tree.entries) {
    const value = keep(entry.value, key);
    if (value !== undefined) entries.set(key, { ...entry, value });
  }
  return mapping(entries, tree.origin);
}
