import { isMap, isSeq, type YAMLSeq } from "yaml";
import type { TextEdit } from "../core/fix.ts";
import { appendItem, removeItem, replaceItem, textItems } from "./edit-list.ts";
import { removePair } from "./edit-map.ts";
import { isNothing, removeKey, setKey, setOwn } from "./edit-service-keys.ts";
import { lookUp, type ServiceText } from "./service-text.ts";

type Edits = readonly TextEdit[] | undefined;

/**
 * Sets a variable of a service in the form its environment has.
 *
 * @param value `${NAME}` stays an interpolation, other `$` are doubled
 */
export function setEnvironmentVariable(service: ServiceText, name: string, value: string): Edits {
  const { document, map } = service;
  const text = value.replaceAll(/\$(?!\{[A-Za-z_])/g, "$$$$");
  const held = lookUp(service, map, "environment");
  if (held.kind === "none" || isNothing(held.node) || isMap(held.node)) {
    return setKey(service, map, ["environment", name], text);
  }
  if (!isSeq(held.node)) return undefined;
  const items = textItems(held.node);
  if (items === undefined) return undefined;
  const line = `${name}=${text}`;
  const index = indexOfVariable(held.node, name);
  if (held.kind === "own") {
    const item = items[index]?.node;
    return item === undefined ? appendItem(document, held.node, line) : replaceItem(document, item, line);
  }
  const lines = items.map((item) => item.text);
  if (index === -1) lines.push(line);
  else lines[index] = line;
  return setOwn(service, map, "environment", lines);
}

/** Removes a variable of a service, and `environment` with the last one. Undefined for what other services share. */
export function removeEnvironmentVariable(service: ServiceText, name: string): Edits {
  const { document, map } = service;
  const held = lookUp(service, map, "environment");
  if (held.kind === "none") return [];
  if (isMap(held.node)) return removeKey(service, map, ["environment", name]);
  if (held.kind === "shared" || !isSeq(held.node)) return undefined;
  const items = textItems(held.node);
  const item = items?.[indexOfVariable(held.node, name)]?.node;
  if (items === undefined) return undefined;
  if (item === undefined) return [];
  return items.length === 1 ? removePair(document, held.owner, held.pair) : removeItem(document, held.node, item);
}

function indexOfVariable(list: YAMLSeq, name: string): number {
  return (textItems(list) ?? []).findIndex(({ text }) => text === name || text.startsWith(`${name}=`));
}
