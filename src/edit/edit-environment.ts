import { isMap, isSeq, type YAMLSeq } from "yaml";
import type { TextEdit } from "../core/fix.ts";
import { appendItem, removeItem, replaceItem, textItems } from "./list-items.ts";
import { removePair } from "./map-pairs.ts";
import { isNothing, removeKey, setKey, setOwn } from "./service-keys.ts";
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
  const { node } = held;
  const items = textItems(node);
  if (items === undefined) return undefined;
  const named = items.filter(({ text }) => isNamed(text, name));
  if (named.length === items.length) return removePair(document, held.owner, held.pair);
  const edits = named.map((item) => removeItem(document, node, item.node));
  return edits.includes(undefined) ? undefined : edits.flatMap((own) => own ?? []);
}

/** Of several items with one name the last counts. */
function indexOfVariable(list: YAMLSeq, name: string): number {
  return (textItems(list) ?? []).findLastIndex(({ text }) => isNamed(text, name));
}

function isNamed(text: string, name: string): boolean {
  return text === name || text.startsWith(`${name}=`);
}
