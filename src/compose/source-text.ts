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

/** One run asks for the same bytes again and again: to load, to edit, to look at a place. */
const decoded = new WeakMap<Uint8Array, SourceText>();

/** Decodes a file; the same object for the same bytes. Returns undefined when the bytes are not valid UTF-8. */
export function decodeSource(file: string, bytes: Uint8Array): SourceText | undefined {
  const known = decoded.get(bytes);
  if (known?.file === file) return known;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const source = createSourceText(file, text);
  decoded.set(bytes, source);
  return source;
}

/** Wraps text that is already decoded; `file` is what spans name. */
export function createSourceText(file: string, text: string): SourceText {
  let lines: LineTable | undefined;
  return {
    file,
    text,
    span(from, to) {
      // Parsers tell places behind the end, too, where something is missing.
      const start = Math.min(from, text.length);
      const end = Math.min(to, text.length);
      lines ??= buildLineTable(text);
      const line = lineAt(lines, start);
      const lineStart = lines.starts[line] ?? 0;
      const startByte = byteOffset(text, lines, start);
      const marks = line === 0 && start > 0 && text.startsWith(byteOrderMark) ? 1 : 0;
      return {
        file,
        start: startByte,
        end: end > start ? byteOffset(text, lines, end) : startByte,
        line: line + 1,
        column: codePointOffset(text, lines, start) - codePointOffset(text, lines, lineStart) - marks + 1,
      };
    },
  };
}

interface LineTable {
  readonly starts: readonly number[];
  /** Every character is one byte and one code point. */
  readonly isAscii: boolean;
  /** UTF-8 bytes and code points before every 16th character, so that a place costs the same wherever it is. */
  readonly bytes: readonly number[];
  readonly codePoints: readonly number[];
}

const stride = 16;

function buildLineTable(text: string): LineTable {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const bytes = [0];
  const codePoints = [0];
  if (Buffer.byteLength(text) === text.length) return { starts, isAscii: true, bytes, codePoints };
  for (let at = 0; at + stride <= text.length; at += stride) {
    bytes.push((bytes.at(-1) ?? 0) + utf8Length(text, at, at + stride));
    codePoints.push((codePoints.at(-1) ?? 0) + countCodePoints(text, at, at + stride));
  }
  return { starts, isAscii: false, bytes, codePoints };
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
  if (lines.isAscii) return offset;
  const block = Math.floor(offset / stride);
  return (lines.bytes[block] ?? 0) + utf8Length(text, block * stride, offset);
}

function codePointOffset(text: string, lines: LineTable, offset: number): number {
  if (lines.isAscii) return offset;
  const block = Math.floor(offset / stride);
  return (lines.codePoints[block] ?? 0) + countCodePoints(text, block * stride, offset);
}

/** A surrogate counts two bytes, so that a pair makes four wherever it is cut. */
function utf8Length(text: string, from: number, to: number): number {
  let length = 0;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) length += 2;
    else length += 3;
  }
  return length;
}

/** The second half of a surrogate pair does not count. */
function countCodePoints(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}
