import { isPair, isScalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { TextEdit } from "../core/fix.ts";
import { columnOf, contentEnd, editText, endOfLine, startOf, type YamlDocument } from "./yaml-file.ts";

type FlowCollection = YAMLMap | YAMLSeq;

/** True when a collection is written as JSON writes it: every key and text in double quotes. */
export function isJson(collection: FlowCollection): boolean {
  const scalars = collection.items.map((item) => (isPair(item) ? item.key : item)).filter((part) => isScalar(part));
  return scalars.length > 0 && scalars.every(({ type }) => type === "QUOTE_DOUBLE");
}

/** Adds a rendered item behind the last of a flow collection, on a line of its own where the others have theirs. */
export function appendToFlow(
  document: YamlDocument,
  collection: FlowCollection,
  rendered: string,
): readonly TextEdit[] {
  const { text } = document.source;
  const [open, close] = collection.range ?? [0, 0];
  const last = collection.items.at(-1);
  if (last === undefined) return [editText(document, open + 1, close - 1, rendered)];
  const end = contentEnd(text, last);
  const comma = /^[ \t]*,/.exec(text.slice(end))?.[0].length ?? 0;
  const start = startOfItem(last);
  const isOwnLine = /^[\s\ufeff]*$/.test(text.slice(start - columnOf(text, start), start));
  if (!isOwnLine) {
    return [editText(document, end + comma, end + comma, comma > 0 ? ` ${rendered}` : `, ${rendered}`)];
  }
  const lineEnd = endOfLine(text, end + comma);
  const line = `\n${" ".repeat(columnOf(text, start))}${rendered}`;
  // The closing bracket may stand on the line of the last item.
  if (lineEnd >= close) return [editText(document, end + comma, end + comma, comma > 0 ? line : `,${line}`)];
  if (comma > 0) return [editText(document, lineEnd, lineEnd, `${line},`)];
  if (lineEnd === end) return [editText(document, end, end, `,${line}`)];
  return [editText(document, end, end, ","), editText(document, lineEnd, lineEnd, line)];
}

/** Takes an item out of a flow collection with one of its commas. */
export function removeFromFlow(document: YamlDocument, collection: FlowCollection, index: number): readonly TextEdit[] {
  const { text } = document.source;
  const item = collection.items[index];
  const next = collection.items[index + 1];
  const previous = collection.items[index - 1];
  const start = startOfItem(item);
  if (next !== undefined) return [editText(document, start, startOfItem(next), "")];
  if (previous !== undefined) return [editText(document, contentEnd(text, previous), contentEnd(text, item), "")];
  const [open, close] = collection.range ?? [0, 0];
  return [editText(document, open + 1, close - 1, "")];
}

function startOfItem(item: unknown): number {
  const node = isPair(item) ? item.key : item;
  return node === undefined || node === null ? 0 : startOf(node as Parameters<typeof startOf>[0]);
}
