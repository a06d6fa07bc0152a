import { isAlias, isMap, type Node, type YAMLMap } from "yaml";
import type { TextEdit } from "../core/fix.ts";
import { findUsers } from "./find-users.ts";
import { editText, startOf, type YamlDocument } from "./yaml-file.ts";
import { colonEnd, keyOf, mapAt, mergedPair, ownPair, resolveNode, type NodePair } from "./node-pairs.ts";

/** A service as one document writes it. */
export interface ServiceText {
  readonly document: YamlDocument;
  readonly name: string;
  readonly map: YAMLMap;
  /** Services for which the same change is wanted: what only they share is changed where it is written. */
  readonly wanted: readonly string[];
}

/**
 * What a mapping holds under a key, and who may be changed with it.
 *
 * - `none`: nothing
 * - `own`: a change at `node` concerns the wanted services only
 * - `shared`: others use it too (an anchor); `pair` is where it is written, `own` the service's own alias of it
 */
export type Held =
  | { readonly kind: "none" }
  | { readonly kind: "own"; readonly owner: YAMLMap; readonly pair: NodePair; readonly node: Node | undefined }
  | {
      readonly kind: "shared";
      readonly owner: YAMLMap;
      readonly pair: NodePair;
      readonly node: Node;
      readonly own: NodePair | undefined;
    };

/** Looks a key up in a mapping of a service, through aliases and merge keys. */
export function lookUp(service: ServiceText, map: YAMLMap, key: string): Held {
  const { document } = service;
  const own = ownPair(map, key);
  const merged = own === undefined ? mergedPair(document, map, key) : undefined;
  const found = own === undefined ? merged : { pair: own, owner: map };
  if (found === undefined) return { kind: "none" };
  const { pair, owner } = found;
  const node = resolveNode(document, pair.value);
  if (node === undefined) {
    return owner === map || isOnlyFor(service, owner) ? { kind: "own", owner, pair, node } : { kind: "none" };
  }
  const isShared = own === undefined || isAlias(own.value);
  if (!isShared || isOnlyFor(service, node)) return { kind: "own", owner, pair, node };
  return { kind: "shared", owner, pair, node, own };
}

/** True when no service but the wanted ones uses a node. */
export function isOnlyFor({ document, wanted }: ServiceText, node: Node): boolean {
  return findUsers(document, node).every((user) => wanted.includes(user));
}

/**
 * An alias that stands for a shared value at the service's place, with the edit that gives the value an anchor when it
 * has none. Undefined when its anchor means something else there.
 */
export function nameShared(
  { document, map }: ServiceText,
  held: Held & { readonly kind: "shared" },
): { readonly alias: string; readonly edits: readonly TextEdit[] } | undefined {
  const { node, pair, owner } = held;
  if (isAlias(pair.value)) return { alias: pair.value.source, edits: [] };
  if (node.anchor !== undefined) {
    const before = document.anchored.filter((other) => other.anchor === node.anchor && startOf(other) < startOf(map));
    return before.at(-1) === node ? { alias: node.anchor, edits: [] } : undefined;
  }
  const wished = [owner.anchor, keyOf(pair)].filter((part) => part !== undefined).join("-");
  const taken = new Set(document.anchored.map(({ anchor }) => anchor));
  let alias = wished;
  for (let at = 2; taken.has(alias); at++) alias = `${wished}-${at}`;
  const colon = colonEnd(pair);
  return { alias, edits: [editText(document, colon, colon, ` &${alias}`)] };
}

/** A service in a document: a mapping under `services`, or undefined. */
export function findServiceText(
  document: YamlDocument,
  name: string,
  wanted: readonly string[],
): ServiceText | undefined {
  const services = mapAt(document, ["services"]);
  const value = services === undefined ? undefined : ownPair(services, name)?.value;
  return isMap(value) ? { document, name, map: value, wanted } : undefined;
}
