import type { Span } from "../core/span.ts";

/** A source file's text with the way back from text offsets to byte spans. */
export interface SourceText {
  readonly file: string;
  /** The decoded text. A leading byte order mark is kept as its first character, so that offsets stay true. */
  readonly text: string;
  /** The span of the UTF-16 range `start`..`end` (end exclusive) of `text`. */
  span(start: number, end: number): Span;
}

const byteOrderMark = "\uFEFF";

/**
 * Decodes a file. Returns undefined when the bytes are not valid UTF-8.
 */
export function decodeSource(file: string, bytes: Uint8Array): SourceText | undefined {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  return createSourceText(file, text);
}

/** Wraps text that is already decoded; `file` is what spans name. */
export function createSourceText(file: string, text: string): SourceText {
  let lines: LineTable | undefined;
  return {
    file,
    text,
    span(start, end) {
      lines ??= buildLineTable(text);
      const line = lineAt(lines, start);
      const lineStart = lines.starts[line] ?? 0;
      const startByte = byteOffset(text, lines, start);
      const before = text.slice(lineStart, start);
      const marks = line === 0 && before.startsWith(byteOrderMark) ? 1 : 0;
      return {
        file,
        start: startByte,
        end: end > start ? byteOffset(text, lines, end) : startByte,
        line: line + 1,
        column: countCodePoints(before) - marks + 1,
      };
    },
  };
}

interface LineTable {
  readonly starts: readonly number[];
  readonly bytes: readonly number[];
}

function buildLineTable(text: string): LineTable {
  const starts = [0];
  const bytes = [0];
  let byte = 0;
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf("\n", at);
    const next = newline === -1 ? text.length : newline + 1;
    byte += utf8Length(text, at, next);
    at = next;
    if (newline !== -1) {
      starts.push(at);
      bytes.push(byte);
    }
  }
  return { starts, bytes };
}

function lineAt(lines: LineTable, offset: number): number {
  let low = 0;
  let high = lines.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines.starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function byteOffset(text: string, lines: LineTable, offset: number): number {
  const line = lineAt(lines, offset);
  return (lines.bytes[line] ?? 0) + utf8Length(text, lines.starts[line] ?? 0, offset);
}

function utf8Length(text: string, from: number, to: number): number {
  let length = 0;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (unit >= 0xd800 && unit <= 0xdfff) length += 2;
    else length += 3;
  }
  return length;
}

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
