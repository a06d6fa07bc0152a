import { mapping, type Entry, type Tree } from "./tree.ts";

/**
 * Removes from an earlier model what `!reset` and `!override` of a later document name. Places inside lists stay, as in
 * Compose. Source: compose-go loader/reset.go.
 */
export function clearPaths(tree: Tree, cleared: readonly (readonly string[])[]): Tree {
  if (tree.kind !== "map" || cleared.length === 0) return tree;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of tree.entries) {
    const deeper = cleared.filter((path) => path[0] === key || path[0] === "*").map((path) => path.slice(1));
    if (deeper.some((path) => path.length === 0)) continue;
    entries.set(key, { ...entry, value: clearPaths(entry.value, deeper) });
  }
  return mapping(entries, tree.origin);
}
