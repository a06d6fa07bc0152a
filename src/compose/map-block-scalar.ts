import { createTextMap, type TextMap } from "./text-map.ts";

interface Line {
  readonly start: number;
  /** Where the text behind the indentation starts. */
  readonly content: number;
  /** Where the text ends, before the line break. */
  readonly end: number;
  /** Behind the line break. */
  readonly next: number;
}

/**
 * Decodes a YAML block scalar with its places. The indentation that a header such as `|2` counts from is not in the
 * scalar's own text, so the one that gives the known value is taken; undefined when none does.
 * Source: YAML 1.2.2, 8.1.
 *
 * @param source the file's text
 * @param start where the scalar's header starts
 * @param end where the scalar ends, exclusive
 */
export function mapBlockScalar(source: string, start: number, end: number, value: string): TextMap | undefined {
  const headerEnd = source.indexOf("\n", start);
  if (headerEnd === -1 || headerEnd >= end) return undefined;
  const folded = source[start] === ">";
  const chomp = /^.[0-9]*([-+]?)/.exec(source.slice(start, start + 4))?.[1] ?? "";
  const lines = readLines(source, headerEnd + 1, end);
  const first = lines.find((line) => line.content < line.end);
  if (first === undefined) return decode(source, lines, end - start, folded, chomp);
  for (let indent = first.content - first.start; indent >= 0; indent--) {
    const map = decode(source, lines, indent, folded, chomp);
    if (map.text === value) return map;
  }
  return undefined;
}

/**
 * Decodes a YAML block scalar whose indentation is known.
 *
 * @param start where the scalar's header starts; it has no indentation of its own
 * @param end where the scalar ends, exclusive
 * @param indent columns that belong to no line's text
 */
export function decodeBlockScalar(source: string, start: number, end: number, indent: number): string {
  const header = source.slice(start, source.indexOf("\n", start));
  const lines = readLines(source, start + header.length + 1, end);
  return decode(source, lines, indent, header.startsWith(">"), header[1] ?? "").text;
}

function readLines(source: string, from: number, end: number): readonly Line[] {
  const lines: Line[] = [];
  for (let start = from; start < end;) {
    const newline = source.indexOf("\n", start);
    const next = newline === -1 || newline >= end ? end : newline + 1;
    let stop = next > start && source[next - 1] === "\n" ? next - 1 : next;
    if (stop > start && source[stop - 1] === "\r") stop--;
    let content = start;
    while (content < stop && source[content] === " ") content++;
    lines.push({ start, content, end: stop, next });
    start = next;
  }
  return lines;
}

function decode(source: string, lines: readonly Line[], indent: number, folded: boolean, chomp: string): TextMap {
  const map = createTextMap(source);
  const textOf = (line: Line) => Math.min(line.start + indent, line.end);
  let last = lines.length;
  while (last > 0 && isBlank(lines[last - 1] as Line, indent)) last--;
  for (let at = 0; at < last; at++) {
    const line = lines[at] as Line;
    map.copy(textOf(line), line.end);
    if (at === last - 1) break;
    const blanks = folded ? countBlanks(lines, at + 1, indent) : 0;
    const next = lines[at + 1 + blanks] as Line;
    const folds =
      folded && !isBlank(line, indent) && !isIndented(source, line, indent) && !isIndented(source, next, indent);
    if (!folds) map.replace("\n", line.end, line.next);
    else if (blanks === 0) map.replace(" ", line.end, line.next);
    // The first break goes, each empty line gives one.
    else at += foldBlanks(map, lines, at, blanks);
  }
  const final = lines[last - 1];
  if (final !== undefined && chomp !== "-") map.replace("\n", final.end, final.next);
  if (chomp === "+") {
    for (const line of lines.slice(last)) if (line.next > line.end) map.replace("\n", line.end, line.next);
  }
  return map.build();
}

function foldBlanks(map: ReturnType<typeof createTextMap>, lines: readonly Line[], at: number, blanks: number): number {
  for (let blank = 1; blank <= blanks; blank++) {
    const line = lines[at + blank] as Line;
    const from = blank === 1 ? (lines[at] as Line).end : line.start;
    map.replace("\n", from, line.next);
  }
  return blanks;
}

function isBlank(line: Line, indent: number): boolean {
  return line.content === line.end && line.end - line.start <= indent;
}

function isIndented(source: string, line: Line, indent: number): boolean {
  return !isBlank(line, indent) && (line.content - line.start > indent || source[line.start + indent] === "\t");
}

function countBlanks(lines: readonly Line[], from: number, indent: number): number {
  let count = 0;
  while (from + count < lines.length && isBlank(lines[from + count] as Line, indent)) count++;
  return count;
}
