import { isAlias, isMap } from "yaml";
import type { TextEdit } from "../core/fix.ts";
import { insertLinesAt } from "./block-lines.ts";
import { appendToFlow, isJson } from "./edit-flow.ts";
import { insertPair, removePair, replaceValue } from "./map-pairs.ts";
import { isNothing } from "./service-keys.ts";
import { renderBlockEntry, renderFlowEntry, type WritableValue } from "./render-yaml-value.ts";
import { behindLine, contentEnd, editText, startOf, startOfLine, type YamlDocument } from "./yaml-file.ts";
import { isNeededElsewhere, keyOf, ownPair, pairsOf, type NodePair } from "./node-pairs.ts";

type Edits = readonly TextEdit[] | undefined;

/** Adds an entry to a top-level section of a document, which is made at the end where it is missing. */
export function addSectionEntry(
  document: YamlDocument,
  section: string,
  name: string,
  value: WritableValue,
  after?: string,
): Edits {
  const { root, source, style } = document;
  const held = ownPair(root, section);
  if (held === undefined) return addSection(document, section, { [name]: value });
  if (isAlias(held.value)) return undefined;
  if (isNothing(held.value)) return replaceValue(document, root, held, { [name]: value });
  if (!isMap(held.value)) return undefined;
  const entries = pairsOf(held.value);
  if (entries.some((pair) => keyOf(pair) === name)) return undefined;
  const isApart = section === "services" && areApart(source.text, entries.length > 1 ? entries : pairsOf(root));
  const behind = after === undefined ? undefined : ownPair(held.value, after);
  if (held.value.items.length === 0 && root.flow !== true && held.value.flow === true && style.step > 0) {
    return replaceValue(document, root, held, { [name]: value });
  }
  return insertPair(document, held.value, name, value, { behind, isApart });
}

function addSection(document: YamlDocument, section: string, value: WritableValue): Edits {
  const { root, source, style } = document;
  if (root.flow === true) return appendToFlow(document, root, renderFlowEntry(section, value, { json: isJson(root) }));
  const pairs = pairsOf(root);
  const lines = renderBlockEntry(section, value, "", style);
  // Comments at the end of the file stay with what they follow.
  let at = behindLine(source.text, contentEnd(source.text, pairs.at(-1)));
  for (;;) {
    const rest = /^(?:[ \t]*\r?\n)*[ \t]*#.*(?:\n|$)/.exec(source.text.slice(at));
    if (rest === null) break;
    at += rest[0].length;
  }
  return [insertLinesAt(document, at, areApart(source.text, pairs) ? ["", ...lines] : lines)];
}

/** Removes a top-level key with its lines, and one of the empty lines it stood between. */
export function removeSection(document: YamlDocument, key: string): Edits {
  const { root, source } = document;
  const pair = ownPair(root, key);
  if (pair === undefined) return [];
  if (root.flow === true || pair.key === null) return removePair(document, root, pair);
  if ((pair.value !== null && isNeededElsewhere(document, pair.value)) || root.items.length === 1) return undefined;
  const start = startOfLine(source.text, startOf(pair.key));
  const end = behindLine(source.text, contentEnd(source.text, pair));
  const before = source.text.slice(0, start).replace(/^\ufeff/, "");
  const hasEmptyBefore = before === "" || /(^|\n)[ \t]*\r?\n$/.test(before);
  const emptyBehind = hasEmptyBefore ? (/^[ \t]*\r?\n/.exec(source.text.slice(end))?.[0].length ?? 0) : 0;
  if (end === source.text.length) return removePair(document, root, pair);
  return [editText(document, start, end + emptyBehind, "")];
}

/** True when an empty line stands between two entries that follow each other. */
export function areApart(text: string, entries: readonly NodePair[]): boolean {
  return entries.slice(1).some((entry, at) => {
    const end = behindLine(text, contentEnd(text, entries[at]));
    const start = entry.key === null ? end : startOf(entry.key);
    return /(^|\n)[ \t]*\r?\n/.test(text.slice(end, startOfLine(text, start)));
  });
}
