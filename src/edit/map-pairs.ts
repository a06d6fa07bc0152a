import { isCollection, isNode, isScalar, type Node, type YAMLMap } from "yaml";
import type { TextEdit } from "../core/fix.ts";
import { indentAt, insertLinesAt, insertLinesBehind, removeLines } from "./block-lines.ts";
import { appendToFlow, isJson, removeFromFlow } from "./edit-flow.ts";
import {
  renderBlockEntry,
  renderBlockValue,
  renderFlowEntry,
  renderFlowValue,
  type WritableValue,
} from "./render-yaml-value.ts";
import { behindLine, contentEnd, editText, endOfLine, startOf, type YamlDocument } from "./yaml-file.ts";
import { colonEnd, isNeededElsewhere, pairsOf, type NodePair } from "./node-pairs.ts";

/** Adds a pair behind `behind`, else behind the last pair. `isApart`: an empty line before it. */
export function insertPair(
  document: YamlDocument,
  map: YAMLMap,
  key: string,
  value: WritableValue,
  { behind, isApart = false }: { behind?: NodePair | undefined; isApart?: boolean } = {},
): readonly TextEdit[] {
  if (map.flow === true) return appendToFlow(document, map, renderFlowEntry(key, value, { json: isJson(map) }));
  const pairs = pairsOf(map);
  const indent = indentOf(document, map);
  const lines = renderBlockEntry(key, value, indent, document.style);
  return [insertLinesBehind(document, behind ?? pairs.at(-1), isApart ? ["", ...lines] : lines, indent)];
}

/** Writes another value under a pair's key. Undefined when an alias elsewhere needs what would go. */
export function replaceValue(
  document: YamlDocument,
  map: YAMLMap,
  pair: NodePair,
  value: WritableValue,
): readonly TextEdit[] | undefined {
  const old = isNode(pair.value) ? pair.value : undefined;
  if (old !== undefined && isNeededElsewhere(document, old)) return undefined;
  if (old?.tag === "!reset") return undefined;
  return map.flow === true ? replaceInFlow(document, map, pair, value) : replaceInBlock(document, map, pair, value);
}

function replaceInFlow(
  document: YamlDocument,
  map: YAMLMap,
  pair: NodePair,
  value: WritableValue,
): readonly TextEdit[] {
  const { text } = document.source;
  const colon = colonEnd(pair);
  const end = contentEnd(text, pair);
  const rendered = renderFlowValue(value, { json: isJson(map) });
  if (isNode(pair.value) && end > colon) return [editText(document, startOf(pair.value), end, rendered)];
  return [editText(document, colon, colon, `${text[colon - 1] === ":" ? "" : ":"} ${rendered}`)];
}

/**
 * What stands on the key's line and what stands below are replaced apart, so that a comment behind the key stays. So do
 * an anchor and a tag.
 */
function replaceInBlock(
  document: YamlDocument,
  map: YAMLMap,
  pair: NodePair,
  value: WritableValue,
): readonly TextEdit[] {
  const { text } = document.source;
  const colon = colonEnd(pair);
  const [inline = "", ...body] = renderBlockValue(value, indentOf(document, map), document.style);
  const old = isNode(pair.value) && contentEnd(text, pair) > colon ? pair.value : undefined;
  const properties = /^(?:[ \t]+[&!]\S*)*/.exec(text.slice(colon))?.[0].length ?? 0;
  const headStart = colon + properties;
  const end = Math.max(headStart, contentEnd(text, pair));
  const headEnd =
    old === undefined
      ? headStart
      : isBlockCollection(old)
        ? headStart
        : isBlockScalar(old)
          ? startOf(old) + headerLength(text, old)
          : end;
  const edits: TextEdit[] = [];
  if (inline !== "" && headEnd > headStart && old !== undefined) {
    edits.push(editText(document, startOf(old), headEnd, inline.trimStart()));
  } else if (inline !== "" || headEnd > headStart) {
    edits.push(editText(document, headStart, headEnd, inline));
  }
  if (headEnd < end) {
    const from = endOfLine(text, headEnd);
    edits.push(editText(document, from, endOfLine(text, end), body.map((line) => `\n${line}`).join("")));
  } else if (body.length > 0) {
    edits.push(insertLinesAt(document, behindLine(text, headEnd), body));
  }
  return edits;
}

/** Takes a pair out of a mapping with its lines. The mapping must keep another one, unless it is in flow style. */
export function removePair(document: YamlDocument, map: YAMLMap, pair: NodePair): readonly TextEdit[] | undefined {
  if (isNode(pair.value) && isNeededElsewhere(document, pair.value)) return undefined;
  const index = pairsOf(map).indexOf(pair);
  if (index === -1) return undefined;
  if (map.flow === true) return removeFromFlow(document, map, index);
  if (map.items.length === 1) return undefined;
  const removal = removeLines(document, startOfKey(pair), pair);
  return removal === undefined ? undefined : [removal];
}

/** Where the keys of a block mapping stand; a tag before the first one (`!!merge <<`) is part of it. */
function indentOf(document: YamlDocument, map: YAMLMap): string {
  const token = map.srcToken;
  return token?.type === "block-map" ? " ".repeat(token.indent) : indentAt(document, startOfKey(pairsOf(map)[0]));
}

function isBlockCollection(node: Node): boolean {
  return isCollection(node) && node.flow !== true;
}

function isBlockScalar(node: Node): boolean {
  return isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED");
}

function headerLength(text: string, node: Node): number {
  return /^[|>][-+0-9]*/.exec(text.slice(startOf(node)))?.[0].length ?? 0;
}

function startOfKey(pair: NodePair | undefined): number {
  return isNode(pair?.key) ? startOf(pair.key) : 0;
}
