import { isMap, isNode, visit } from "yaml";
import type { TextEdit } from "../core/fix.ts";
import { insertLinesAt } from "./block-lines.ts";
import type { ServiceCopy } from "./edit-kit.ts";
import { areApart } from "./edit-sections.ts";
import { renderBlockEntry, type WritableValue } from "./render-yaml-value.ts";
import type { ServiceText } from "./service-text.ts";
import { behindLine, columnOf, contentEnd, startOf, startOfLine, type YamlDocument } from "./yaml-file.ts";
import { isMergePair, keyOf, mapAt, mergedPair, ownPair, pairsOf, type NodePair } from "./node-pairs.ts";

/**
 * Writes a second service behind a service, with its lines as they stand: merge keys, aliases, quotes and comments. A value
 * with an anchor becomes an alias of it. Undefined for flow style, for anchors deeper inside, and where what is to be left
 * out comes in through a merge key.
 *
 * @param set values of the new service, of the form the edit room writes
 */
export function copyServiceText(
  { document, name, map }: ServiceText,
  { as, without }: ServiceCopy,
  set: Readonly<Record<string, WritableValue>>,
): readonly TextEdit[] | undefined {
  const services = mapAt(document, ["services"]);
  const pair = services === undefined ? undefined : ownPair(services, name);
  if (services === undefined || pair?.key == null || services.flow === true || map.flow === true) return undefined;
  if (ownPair(services, as) !== undefined) return undefined;
  if (without.some((key) => mergedPair(document, map, key) !== undefined)) return undefined;
  const { text } = document.source;
  const parts = pairsOf(map).map((own) => {
    const key = keyOf(own);
    if (key === undefined) return undefined;
    const isLeftOut = !isMergePair(own) && (without.includes(key) || Object.hasOwn(set, key));
    return isLeftOut ? [] : copyLines(document, own, key);
  });
  const indent = " ".repeat(columnOf(text, startOf(pair.key)));
  const inner = indent + " ".repeat(columnOf(text, startOf(map)) - indent.length);
  const added = Object.entries(set).flatMap(([key, value]) => renderBlockEntry(key, value, inner, document.style));
  if (parts.includes(undefined)) return undefined;
  const lines = [`${indent}${as}:`, ...parts.flatMap((part) => part ?? []), ...added];
  const at = behindLine(text, contentEnd(text, pair));
  return [insertLinesAt(document, at, areApart(text, pairsOf(services)) ? ["", ...lines] : lines)];
}

/** The lines of a key and its value; an anchored value by its alias. */
function copyLines(document: YamlDocument, pair: NodePair, key: string): readonly string[] | undefined {
  const { text } = document.source;
  const { value } = pair;
  const start = startOfLine(text, pair.key === null ? 0 : startOf(pair.key));
  const anchor = isNode(value) && "anchor" in value ? value.anchor : undefined;
  if (anchor !== undefined) {
    const isLast = document.anchored.filter((node) => node.anchor === anchor).at(-1) === value;
    return isLast
      ? [`${text.slice(start, pair.key === null ? start : startOf(pair.key))}${key}: *${anchor}`]
      : undefined;
  }
  if (value !== null && (isMap(value) || isNode(value)) && hasAnchor(value)) return undefined;
  return text.slice(start, contentEnd(text, pair)).split(/\r?\n/);
}

function hasAnchor(value: NonNullable<NodePair["value"]>): boolean {
  let found = false;
  visit(value, {
    Value(_at, node) {
      found ||= node.anchor !== undefined;
    },
  });
  return found;
}
