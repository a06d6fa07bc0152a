import { isCollection, isNode, isScalar, type Node, type YAMLSeq } from "yaml";
import type { TextEdit } from "../core/fix.ts";
import { indentAt, insertLinesBehind, removeLines } from "./block-lines.ts";
import { appendToFlow, isJson, removeFromFlow } from "./edit-flow.ts";
import { quoteText, renderBlockItem, renderFlowValue, type Quoting, type WritableValue } from "./render-yaml-value.ts";
import { contentEnd, editText, startOf, type YamlDocument } from "./yaml-file.ts";
import { isNeededElsewhere } from "./node-pairs.ts";

/** Adds an item behind the last, quoted like it. */
export function appendItem(document: YamlDocument, list: YAMLSeq, value: WritableValue): readonly TextEdit[] {
  const last = list.items.at(-1);
  const quoting = quotingOf(last);
  if (list.flow === true) {
    const isQuoted = quoting !== "plain" && typeof value === "string" && !isJson(list);
    const rendered = isQuoted ? quoteText(value, quoting) : renderFlowValue(value, { json: isJson(list) });
    return appendToFlow(document, list, rendered);
  }
  const indent = indentAt(document, startOf(list));
  return [insertLinesBehind(document, last, renderBlockItem(value, indent, document.style, quoting), indent)];
}

/** Writes another text in place of a text item, in its quotes. */
export function replaceItem(document: YamlDocument, item: Node, value: string): readonly TextEdit[] | undefined {
  if (isCollection(item) || isNeededElsewhere(document, item)) return undefined;
  const quoting = quotingOf(item);
  const rendered = quoting === "plain" ? renderFlowValue(value) : quoteText(value, quoting);
  return [editText(document, startOf(item), contentEnd(document.source.text, item), rendered)];
}

/** Takes an item out of a list with its lines. The list must keep another one, unless it is in flow style. */
export function removeItem(document: YamlDocument, list: YAMLSeq, item: Node): readonly TextEdit[] | undefined {
  if (isNeededElsewhere(document, item)) return undefined;
  const index = list.items.indexOf(item);
  if (index === -1) return undefined;
  if (list.flow === true) return removeFromFlow(document, list, index);
  if (list.items.length === 1) return undefined;
  const { text } = document.source;
  const dash = text.lastIndexOf("-", startOf(item) - 1);
  const removal = removeLines(document, dash, item);
  return removal === undefined ? undefined : [removal];
}

/** The text items of a list; undefined when it holds others. */
export function textItems(list: YAMLSeq): readonly { readonly node: Node; readonly text: string }[] | undefined {
  const items = list.items.map((node) =>
    isScalar(node) && typeof node.value === "string" ? { node: node as Node, text: node.value } : undefined,
  );
  return items.includes(undefined) ? undefined : items.filter((item) => item !== undefined);
}

function quotingOf(item: unknown): Quoting {
  if (!isNode(item) || !isScalar(item)) return "plain";
  return item.type === "QUOTE_DOUBLE" ? "double" : item.type === "QUOTE_SINGLE" ? "single" : "plain";
}
