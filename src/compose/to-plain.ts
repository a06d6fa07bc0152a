import type { Tree } from "./tree.ts";

/** A tree as plain JavaScript values: integers as numbers (bigint beyond 2^53), timestamps in RFC 3339. */
export function toPlain(tree: Tree): unknown {
  if (tree.kind === "list") return tree.items.map(toPlain);
  if (tree.kind === "map") {
    const result: Record<string, unknown> = {};
    for (const [key, entry] of tree.entries) {
      const value = toPlain(entry.value);
      // A legal key, and an own property like the others.
      if (key === "__proto__")
        Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
      else result[key] = value;
    }
    return result;
  }
  const { value } = tree;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === "object" && value !== null) return value.iso;
  return value;
}
