import { Alias, isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import type { TextEdit } from "../core/fix.ts";
import { appendItem } from "./list-items.ts";
import { insertPair, removePair, replaceValue } from "./map-pairs.ts";
import type { WritableValue } from "./render-yaml-value.ts";
import { lookUp, nameShared, type Held, type ServiceText } from "./service-text.ts";
import { toWritableValue } from "./to-writable-value.ts";
import { ownPair } from "./node-pairs.ts";

type Edits = readonly TextEdit[] | undefined;
type Shared = Held & { readonly kind: "shared" };

/**
 * Writes the value at keys below a mapping of a service. What other services share is not changed: the service gets a key
 * of its own, which takes the shared mapping over by a merge key where only a part of it is to change.
 */
export function setKey(service: ServiceText, map: YAMLMap, path: readonly string[], value: WritableValue): Edits {
  const [key, ...rest] = path;
  if (key === undefined) return undefined;
  const { document } = service;
  const held = lookUp(service, map, key);
  const nested = rest.reduceRight<WritableValue>((inner, name) => ({ [name]: inner }), value);
  if (held.kind === "none") return setOwn(service, map, key, nested);
  if (held.kind === "own") {
    if (rest.length === 0 || isNothing(held.node)) return replaceValue(document, held.owner, held.pair, nested);
    return isMap(held.node) ? setKey(service, held.node, rest, value) : undefined;
  }
  if (rest.length === 0) return setOwn(service, map, key, nested);
  if (!isMap(held.node)) return undefined;
  // A merge key is shallow: a mapping deeper down would hide the shared one instead of adding to it.
  if (rest.length > 1 && lookUp(service, held.node, rest[0] ?? "").kind !== "none") return undefined;
  return takeOver(service, map, key, held, nested as { readonly [key: string]: WritableValue });
}

/** Gives the service a mapping of its own that takes over a shared one and adds entries. */
export function takeOver(
  service: ServiceText,
  map: YAMLMap,
  key: string,
  held: Shared,
  entries: { readonly [key: string]: WritableValue },
): Edits {
  const shared = nameShared(service, held);
  if (shared === undefined) return undefined;
  const own = setOwn(service, map, key, { "<<": new Alias(shared.alias), ...entries });
  return own === undefined ? undefined : [...shared.edits, ...own];
}

/** Writes the mapping's own pair, whatever merge keys bring. */
export function setOwn({ document }: ServiceText, map: YAMLMap, key: string, value: WritableValue): Edits {
  const own = ownPair(map, key);
  return own === undefined ? insertPair(document, map, key, value) : replaceValue(document, map, own, value);
}

/** Adds a key in the mapping that writes another one, be it a shared one. As `setKey` where one of them forbids that. */
export function setKeyBeside(
  service: ServiceText,
  map: YAMLMap,
  key: string,
  value: WritableValue,
  beside: string,
): Edits {
  const held = lookUp(service, map, beside);
  const isFree = lookUp(service, map, key).kind === "none";
  return held.kind === "own" && isFree
    ? insertPair(service.document, held.owner, key, value)
    : setKey(service, map, [key], value);
}

/** Removes a key of a service; a mapping that would be left empty goes with it. Undefined for what others share. */
export function removeKey(service: ServiceText, map: YAMLMap, path: readonly string[]): Edits {
  const [key, ...rest] = path;
  if (key === undefined) return undefined;
  const held = lookUp(service, map, key);
  if (held.kind === "none") return [];
  if (held.kind === "shared" && !(rest.length === 0 && held.own !== undefined)) return undefined;
  const pair = held.kind === "shared" ? held.own : held.pair;
  const owner = held.kind === "shared" ? map : held.owner;
  if (pair === undefined) return undefined;
  const isWhole = rest.length === 0 || (rest.length === 1 && isMap(held.node) && isOnlyKey(held.node, rest[0]));
  if (isWhole) return removePair(service.document, owner, pair);
  return isMap(held.node) ? removeKey(service, held.node, rest) : undefined;
}

/** Appends to a list; a mapping of names (`networks`) gets a key. */
export function appendUnder(service: ServiceText, key: string, value: WritableValue): Edits {
  const { document, map } = service;
  const held = lookUp(service, map, key);
  // An own list of networks ends the membership in the default one.
  const first = key === "networks" && value !== "default" ? ["default", value] : [value];
  if (held.kind === "none") return setOwn(service, map, key, first);
  if (isNothing(held.node)) return setOwn(service, map, key, first);
  if (isSeq(held.node)) {
    if (held.kind === "own") return appendItem(document, held.node, value);
    const items = toWritableValue(document, held.node);
    return Array.isArray(items) ? setOwn(service, map, key, [...items, value]) : undefined;
  }
  if (!isMap(held.node) || typeof value !== "string") return undefined;
  if (held.kind === "own") return insertPair(document, held.node, value, null);
  return takeOver(service, map, key, held, { [value]: null });
}

/** True for a key without a value. */
export function isNothing(node: unknown): boolean {
  return (
    node === undefined || (isScalar(node) && node.type === "PLAIN" && /^(~|null|Null|NULL|)$/.test(String(node.value)))
  );
}

function isOnlyKey(map: YAMLMap, key: string | undefined): boolean {
  return map.items.length === 1 && key !== undefined && ownPair(map, key) !== undefined;
}
