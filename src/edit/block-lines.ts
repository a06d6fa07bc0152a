import type { TextEdit } from "../core/fix.ts";
import { behindLine, columnOf, contentEnd, editText, startOfLine, type YamlDocument } from "./yaml-file.ts";

/** Whitespace that reaches the column of `offset`, whatever stands before it (`- key:`). */
export function indentAt(document: YamlDocument, offset: number): string {
  return " ".repeat(columnOf(document.source.text, offset));
}

/** The offset behind the lines of a pair or item that starts at `indent`, and behind the deeper comments below it. */
function behindPart({ source: { text } }: YamlDocument, part: unknown, indent: string): number {
  let at = behindLine(text, contentEnd(text, part));
  for (;;) {
    const comment = /^(?:[ \t]*\r?\n)*( +)#.*(?:\n|$)/.exec(text.slice(at));
    if (comment === null || (comment[1] ?? "").length <= indent.length) return at;
    at += comment[0].length;
  }
}

/** Adds lines behind a pair or item, and behind the comments that belong to it because they stand deeper. */
export function insertLinesBehind(
  document: YamlDocument,
  part: unknown,
  lines: readonly string[],
  indent: string,
): TextEdit {
  return insertLinesAt(document, behindPart(document, part, indent), lines);
}

/** Adds whole lines at the start of a line or at the end of the text. */
export function insertLinesAt(document: YamlDocument, at: number, lines: readonly string[]): TextEdit {
  const { text } = document.source;
  const isUnended = at === text.length && text !== "" && !text.endsWith("\n");
  return editText(document, at, at, isUnended ? `\n${lines.join("\n")}` : `${lines.join("\n")}\n`);
}

/**
 * Removes the lines from `start` to the end of `part` and of its deeper comments; undefined when something else stands on the first of them. At the
 * end of a text without a last line break the one before goes too.
 */
export function removeLines(document: YamlDocument, start: number, part: unknown): TextEdit | undefined {
  const { text } = document.source;
  const first = startOfLine(text, start);
  if (text.slice(first, start).trim() !== "") return undefined;
  const end = behindPart(document, part, indentAt(document, start));
  const isUnended = end === text.length && !text.endsWith("\n");
  const from = isUnended && first > 0 && text[first - 1] === "\n" ? first - (text[first - 2] === "\r" ? 2 : 1) : first;
  return editText(document, from, end, "");
}
