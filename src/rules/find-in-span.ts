import { decodeSource } from "../compose/source-text.ts";
import type { Span } from "../core/span.ts";
import type { Sources } from "../ports/sources.ts";

/** The part of a span that a pattern first matches: one name of a longer text. Undefined when nothing does. */
export function findInSpan(sources: Sources, span: Span, pattern: RegExp): Span | undefined {
  const read = sources.read(span.file);
  const source = read.kind === "file" ? decodeSource(span.file, read.bytes) : undefined;
  if (read.kind !== "file" || source === undefined) return undefined;
  const lengthOf = (start: number, end: number) =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(read.bytes.subarray(start, end)).length;
  const start = lengthOf(0, span.start);
  const match = pattern.exec(source.text.slice(start, start + lengthOf(span.start, span.end)));
  return match === null ? undefined : source.span(start + match.index, start + match.index + match[0].length);
}
