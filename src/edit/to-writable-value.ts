import { isMap, isScalar, isSeq, type Node } from "yaml";
import { resolveScalar } from "../compose/resolve-scalar.ts";
import type { WritableValue } from "./render-yaml-value.ts";
import type { YamlDocument } from "./yaml-file.ts";
import { isMergePair, keyOf, pairsOf, resolveNode } from "./node-pairs.ts";

/** A written value as data, aliases unfolded; undefined where tags, merge keys or timestamps make it more than data. */
export function toWritableValue(document: YamlDocument, written: unknown): WritableValue | undefined {
  const node: Node | undefined = resolveNode(document, written);
  if (node === undefined) return null;
  if (node.tag !== undefined && !/^(\?|tag:yaml\.org,2002:(str|seq|map))$/.test(node.tag)) return undefined;
  if (isScalar(node)) {
    if (typeof node.value !== "string") return null;
    return node.type === "PLAIN" ? plainValue(node.value) : node.value;
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => toWritableValue(document, item));
    return items.includes(undefined) ? undefined : items.filter((item) => item !== undefined);
  }
  if (!isMap(node)) return undefined;
  const entries: [string, WritableValue][] = [];
  for (const pair of pairsOf(node)) {
    const key = keyOf(pair);
    const value = toWritableValue(document, pair.value);
    if (key === undefined || value === undefined || isMergePair(pair)) return undefined;
    entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

function plainValue(text: string): WritableValue | undefined {
  const value = resolveScalar(text);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
  return typeof value === "object" && value !== null ? undefined : value;
}
