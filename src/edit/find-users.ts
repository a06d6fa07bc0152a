import { isCollection, isMap, isPair, isScalar, type Node } from "yaml";
import type { YamlDocument } from "./yaml-file.ts";
import { keyOf, mapAt, ownPair, pairsOf, resolveNode } from "./node-pairs.ts";

/**
 * Names the services of a document whose effective value contains `node`, through aliases, merge keys and `extends`; a
 * top-level key other than `services` and `x-*` that contains it counts by its own name.
 */
export function findUsers(document: YamlDocument, node: Node): readonly string[] {
  const services = mapAt(document, ["services"]);
  const roots = [
    ...(services === undefined ? [] : pairsOf(services)),
    ...pairsOf(document.root).filter((pair) => !/^(services$|x-)/.test(keyOf(pair) ?? "")),
  ];
  return roots.filter(({ value }) => reaches(document, value, node, new Set())).map((pair) => keyOf(pair) ?? "");
}

function reaches(document: YamlDocument, from: unknown, node: Node, seen: Set<Node>): boolean {
  const at = resolveNode(document, from);
  if (at === undefined || seen.has(at)) return false;
  if (at === node) return true;
  seen.add(at);
  if (!isCollection(at)) return false;
  const parts = at.items.map((item) => (isPair(item) ? item.value : item));
  if (isMap(at)) parts.push(extendedService(document, at));
  return parts.some((part) => reaches(document, part, node, seen));
}

function extendedService(document: YamlDocument, map: Node): unknown {
  if (!isMap(map)) return undefined;
  const extended = resolveNode(document, ownPair(map, "extends")?.value);
  const named =
    isMap(extended) && ownPair(extended, "file") === undefined ? ownPair(extended, "service")?.value : extended;
  const name = isScalar(named) ? named.value : undefined;
  const services = mapAt(document, ["services"]);
  return typeof name === "string" && services !== undefined ? ownPair(services, name)?.value : undefined;
}
