import { isMap, isSeq, type YAMLSeq } from "yaml";
import type { TextEdit } from "../core/fix.ts";
import { indentAt, insertLinesAt } from "./block-lines.ts";
import { appendItem, removeItem, textItems } from "./list-items.ts";
import { removePair, replaceValue } from "./map-pairs.ts";
import { isNothing, removeKey, setKey, setOwn } from "./service-keys.ts";
import { renderText, type WritableValue } from "./render-yaml-value.ts";
import { lookUp, type Held, type ServiceText } from "./service-text.ts";
import { behindLine, contentEnd, editText, startOf, type YamlDocument } from "./yaml-file.ts";
import { holderOf } from "./node-pairs.ts";

type Edits = readonly TextEdit[] | undefined;
type Condition = "service_started" | "service_healthy" | "service_completed_successfully";

/** Adds a dependency of a service or changes its condition. A list becomes the long form when the condition needs it. */
export function setServiceDependency(service: ServiceText, on: string, condition: Condition): Edits {
  const { map } = service;
  const held = lookUp(service, map, "depends_on");
  if (held.kind === "none" || isNothing(held.node)) {
    const value: WritableValue = condition === "service_started" ? [on] : { [on]: { condition } };
    return setOwn(service, map, "depends_on", value);
  }
  if (isMap(held.node))
    return setKey(service, map, ["depends_on", on, "condition"], condition) ?? setWhole(service, on, condition);
  if (!isSeq(held.node)) return undefined;
  return setInList(service, held, held.node, on, condition);
}

/** An entry that others share is written anew: it has little else in it than its condition. */
function setWhole(service: ServiceText, on: string, condition: Condition): Edits {
  return setKey(service, service.map, ["depends_on", on], { condition });
}

function setInList(service: ServiceText, held: Held, list: YAMLSeq, on: string, condition: Condition): Edits {
  const { document, map } = service;
  const items = textItems(list);
  if (items === undefined || held.kind === "none") return undefined;
  const isListed = items.some(({ text }) => text === on);
  if (isListed && condition === "service_started") return [];
  const conditions = new Map<string, Condition>(items.map(({ text }) => [text, "service_started"]));
  conditions.set(on, condition);
  if (held.kind === "shared") {
    return setOwn(
      service,
      map,
      "depends_on",
      condition === "service_started" ? [...conditions.keys()] : longForm(conditions),
    );
  }
  if (condition === "service_started") return appendItem(document, list, on);
  if (list.flow === true) {
    const isOneLine = !document.source.text.slice(startOf(list), contentEnd(document.source.text, list)).includes("\n");
    // Nothing can hide in a flow list on one line that the long form would lose.
    return isOneLine ? replaceValue(document, held.owner, held.pair, longForm(conditions)) : undefined;
  }
  return toLongForm(document, list, conditions);
}

function longForm(conditions: ReadonlyMap<string, Condition>): WritableValue {
  return Object.fromEntries([...conditions].map(([name, condition]) => [name, { condition }]));
}

/** Turns `- name # why` into `name: # why` with its condition below, so that comments keep their lines. */
function toLongForm(document: YamlDocument, list: YAMLSeq, conditions: ReadonlyMap<string, Condition>): Edits {
  const { text } = document.source;
  const step = " ".repeat(document.style.step);
  const key = holderOf(document, list)?.key;
  const keyIndent = key === null || key === undefined ? "" : indentAt(document, startOf(key));
  const dashIndent = indentAt(document, startOf(list));
  // A list may stand right below its key, a mapping may not.
  const indent = dashIndent.length > keyIndent.length ? dashIndent : keyIndent + step;
  const added = [...conditions].filter(([name]) => !(textItems(list) ?? []).some((item) => item.text === name));
  return (textItems(list) ?? []).flatMap(({ node, text: name }) => {
    const dash = text.lastIndexOf("-", startOf(node) - 1);
    const end = contentEnd(text, node);
    const lines = [`${indent}${step}condition: ${conditions.get(name) ?? "service_started"}`];
    if (node === list.items.at(-1)) {
      for (const [other, condition] of added)
        lines.push(`${indent}${renderText(other)}:`, `${indent}${step}condition: ${condition}`);
    }
    return [
      editText(document, dash, startOf(node), indent.slice(dashIndent.length)),
      editText(document, end, end, ":"),
      insertLinesAt(document, behindLine(text, end), lines),
    ];
  });
}

/** Removes a dependency of a service, and `depends_on` with the last one. */
export function removeServiceDependency(service: ServiceText, on: string): Edits {
  const { document, map } = service;
  const held = lookUp(service, map, "depends_on");
  if (held.kind === "none") return [];
  if (isMap(held.node)) return removeKey(service, map, ["depends_on", on]);
  if (held.kind === "shared" || !isSeq(held.node)) return undefined;
  const items = textItems(held.node);
  const item = items?.find(({ text }) => text === on)?.node;
  if (items === undefined) return undefined;
  if (item === undefined) return [];
  return items.length === 1 ? removePair(document, held.owner, held.pair) : removeItem(document, held.node, item);
}
