import type { Span } from "../../../core/span.ts";
import { splitText } from "./split-text.ts";

/** A span as editors and reports name it. Lines and columns are 1-based, the end exclusive; columns count code points. */
export interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The start in UTF-16 code units, as the Language Server Protocol and JavaScript count. */
  readonly utf16Column: number;
}

/** The region of a span in the text of its file; without the text it is as long as its first character. */
export function placeRegion(span: Span, text: string | undefined): Region {
  const { line: startLine, column: startColumn } = span;
  const split = text === undefined ? undefined : splitText(text);
  const lineStart = split?.starts[startLine - 1];
  if (split === undefined || lineStart === undefined) {
    return { startLine, startColumn, endLine: startLine, endColumn: startColumn + 1, utf16Column: startColumn };
  }
  const { bytes } = split;
  const lines = bytes.toString("utf8", span.start, span.end).split("\n");
  const last = Array.from(lines.at(-1) ?? "").length;
  return {
    startLine,
    startColumn,
    endLine: startLine + lines.length - 1,
    endColumn: lines.length === 1 ? startColumn + last : last + 1,
    utf16Column: bytes.toString("utf8", lineStart, span.start).length + 1,
  };
}
