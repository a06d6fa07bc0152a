import { isAlias, isMap, isNode, isPair, isScalar, isSeq, visit, type Node, type Pair, type YAMLMap } from "yaml";
import type { YamlDocument } from "./yaml-file.ts";

/** A pair of a mapping as this room handles it. */
export type NodePair = Pair<Node | null, Node | null>;

/** The pairs of a mapping, in order. */
export function pairsOf(map: YAMLMap): readonly NodePair[] {
  return map.items.filter((item): item is NodePair => isPair(item));
}

/** The key's text; undefined for keys that are no text. */
export function keyOf(pair: NodePair): string | undefined {
  return isScalar(pair.key) && typeof pair.key.value === "string" ? pair.key.value : undefined;
}

export function isMergePair(pair: NodePair): boolean {
  return keyOf(pair) === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN";
}

/** The pair a mapping writes itself under `key`. */
export function ownPair(map: YAMLMap, key: string): NodePair | undefined {
  return pairsOf(map).find((pair) => keyOf(pair) === key && !isMergePair(pair));
}

/** The node itself, or what an alias stands for; undefined for nothing at all. */
export function resolveNode(document: YamlDocument, node: unknown): Node | undefined {
  if (isAlias(node)) return document.targets.get(node);
  return isNode(node) ? node : undefined;
}

/** The mapping at keys from the root, as written: through no alias. */
export function mapAt(document: YamlDocument, path: readonly string[]): YAMLMap | undefined {
  let at = document.root;
  for (const key of path) {
    const value = ownPair(at, key)?.value;
    if (!isMap(value)) return undefined;
    at = value;
  }
  return at;
}

/** The pair that a merge key brings into a mapping, and the mapping it is written in; the first of several wins. */
export function mergedPair(
  document: YamlDocument,
  map: YAMLMap,
  key: string,
): { readonly pair: NodePair; readonly owner: YAMLMap } | undefined {
  for (const source of mergeSources(document, map)) {
    const pair = ownPair(source, key);
    if (pair !== undefined) return { pair, owner: source };
    const deeper = mergedPair(document, source, key);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

/** The mappings that `<<` of a mapping names. */
export function mergeSources(document: YamlDocument, map: YAMLMap): readonly YAMLMap[] {
  return pairsOf(map)
    .filter(isMergePair)
    .flatMap(({ value }) => {
      const source = resolveNode(document, value);
      const parts = isSeq(source) ? source.items.map((item) => resolveNode(document, item)) : [source];
      return parts.filter((part): part is YAMLMap => isMap(part));
    });
}

/** The pair in whose value a node is written. */
export function holderOf(document: YamlDocument, node: Node): NodePair | undefined {
  let holder: NodePair | undefined;
  visit(document.root, {
    Pair(_at, pair) {
      if (pair.value !== node) return undefined;
      holder = pair as NodePair;
      return visit.BREAK;
    },
  });
  return holder;
}

/** The offset behind the colon of a pair; where its key ends when it has none. */
export function colonEnd(pair: NodePair): number {
  const colon = pair.srcToken?.sep?.find(({ type }) => type === "map-value-ind");
  if (colon !== undefined) return colon.offset + 1;
  return pair.key?.range?.[1] ?? 0;
}

/** True when `node` or anything in it has an anchor that an alias outside of it uses. */
export function isNeededElsewhere(document: YamlDocument, node: Node): boolean {
  const [start, , end] = node.range ?? [0, 0, 0];
  const isInside = (other: Node) =>
    (other.range?.[0] ?? 0) >= start && (other.range?.[0] ?? 0) < Math.max(end, start + 1);
  return [...document.targets].some(([alias, target]) => isInside(target) && !isInside(alias));
}
