import { isCollection, isPair, visit, type Scalar } from "yaml";
import { mapBlockScalar } from "../compose/map-block-scalar.ts";
import { mapFlowScalar } from "../compose/map-flow-scalar.ts";
import { resolveScalar } from "../compose/resolve-scalar.ts";
import type { TextMap } from "../compose/text-map.ts";
import type { TextEdit } from "../core/fix.ts";
import { escapeWord, openQuotes } from "./escape-word.ts";
import { escapeDoubleQuoted, isPlainText, quoteText } from "./render-yaml-value.ts";
import { columnOf, editText, type YamlDocument } from "./yaml-file.ts";

/** A written scalar and where it stands. */
interface ScalarPlace {
  readonly scalar: Scalar;
  readonly start: number;
  readonly end: number;
  readonly inFlow: boolean;
  readonly isItem: boolean;
  readonly map: TextMap;
}

/** What to write into a scalar. */
export interface YamlSlice {
  /** UTF-16 offsets in the file. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** `${NAME}` stays an interpolation, other `$` are doubled; else all are. */
  readonly keepsVariables: boolean;
  /** A part of a command or entrypoint, which Compose splits into words where it is written as text. */
  readonly isCommand: boolean;
}

/** Writes into a scalar of a Compose file, in its quotes or in others that can hold the text. */
export function encodeYamlSlice(document: YamlDocument, slice: YamlSlice): TextEdit | undefined {
  const place = findScalar(document, slice.from, slice.to);
  if (place === undefined) return undefined;
  const { map } = place;
  const from = decodedOffset(map, slice.from);
  const to = decodedOffset(map, slice.to);
  const before = map.text.slice(0, from);
  let text = slice.text;
  if (slice.isCommand && !place.isItem) {
    const open = openQuotes(before);
    if (open === undefined) return undefined;
    text = escapeWord(text, open);
  }
  text = text.replaceAll(slice.keepsVariables ? /\$(?!\{[A-Za-z_])/g : "$", "$$$$");
  // In the default of an expression a brace or a line break would end it.
  if (/[{}\n]/.test(text) && isInExpression(before)) return undefined;
  return writeInto(document, place, slice, text, before + text + map.text.slice(to));
}

function findScalar(document: YamlDocument, from: number, to: number): ScalarPlace | undefined {
  const { text } = document.source;
  let found: ScalarPlace | undefined;
  visit(document.root, {
    Scalar(_at, scalar, path) {
      const [start, end] = scalar.range ?? [0, 0];
      if (start > from || end < to || (start === end && from !== start)) return undefined;
      const map = mapScalar(text, scalar, start, end);
      const inFlow = path.some((part) => isCollection(part) && part.flow === true);
      if (map !== undefined) found = { scalar, start, end, inFlow, isItem: !isPair(path.at(-1)), map };
      return visit.BREAK;
    },
  });
  return found;
}

function mapScalar(text: string, scalar: Scalar, start: number, end: number): TextMap | undefined {
  switch (scalar.type) {
    case "QUOTE_DOUBLE":
      return mapFlowScalar(text, start, end, "double");
    case "QUOTE_SINGLE":
      return mapFlowScalar(text, start, end, "single");
    case "BLOCK_FOLDED":
    case "BLOCK_LITERAL":
      return mapBlockScalar(text, start, end, String(scalar.value));
    default:
      return mapFlowScalar(text, start, end, "plain");
  }
}

/** Where a source offset is in the decoded text: before the first character that is written at or behind it. */
function decodedOffset(map: TextMap, offset: number): number {
  let low = 0;
  let high = map.text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((map.locate(middle, middle + 1)[0]?.from ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function writeInto(
  document: YamlDocument,
  place: ScalarPlace,
  { from, to }: YamlSlice,
  text: string,
  whole: string,
): TextEdit | undefined {
  const { text: source } = document.source;
  const { scalar, start, end } = place;
  const requoted = () => editText(document, start, end, quoteText(whole, "double"));
  switch (scalar.type) {
    case "QUOTE_DOUBLE":
      return editText(document, from, to, escapeDoubleQuoted(text));
    case "QUOTE_SINGLE":
      return /\p{Cc}/u.test(text) ? requoted() : editText(document, from, to, text.replaceAll("'", "''"));
    case "BLOCK_FOLDED":
    case "BLOCK_LITERAL":
      return writeIntoBlock(document, place, from, to, text);
    default: {
      const raw = source.slice(start, from) + text + source.slice(to, end);
      const stays = raw === whole && (isPlainText(raw, place.inFlow) || isSameKind(source.slice(start, end), raw));
      return stays ? editText(document, from, to, text) : requoted();
    }
  }
}

/** True for two numbers, or two other bare values that are no text. */
function isSameKind(left: string, right: string): boolean {
  const [before, after] = [resolveScalar(left), resolveScalar(right)];
  return typeof after !== "string" && after !== null && typeof before === typeof after;
}

function writeIntoBlock(
  document: YamlDocument,
  { scalar, start, end }: ScalarPlace,
  from: number,
  to: number,
  text: string,
): TextEdit | undefined {
  const { text: source } = document.source;
  if (/[^\P{Cc}\n\t]/u.test(text) || (scalar.type === "BLOCK_FOLDED" && text.includes("\n"))) return undefined;
  const first = /\n([ ]*)[^ \r\n]/.exec(source.slice(start, end));
  const indent = first?.[1] ?? "";
  const isLineStart = columnOf(source, from) <= indent.length;
  if (isLineStart && /^[ \t]/.test(text)) return undefined;
  // A line break that goes takes the next line's indentation with it.
  const takesBreak = to > from && source[to - 1] === "\n" && to < end;
  const last = takesBreak && source.startsWith(indent, to) ? to + indent.length : to;
  return editText(document, from, last, text.replaceAll(/\n(?=[^\n]|$)/g, `\n${indent}`));
}

function isInExpression(before: string): boolean {
  const open = before.replaceAll("$$", "").lastIndexOf("${");
  return open !== -1 && !before.replaceAll("$$", "").slice(open).includes("}");
}
