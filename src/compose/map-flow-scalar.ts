import { createTextMap, type TextMap, type TextMapBuilder } from "./text-map.ts";

const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\u0007",
  b: "\b",
  e: "\u001B",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  N: "\u0085",
  _: "\u00A0",
  L: "\u2028",
  P: "\u2029",
};
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
/** Spaces around line breaks, which fold to one space, or to one break less than are written. */
const fold = /[ \t]*\r?\n(?:[ \t]*\r?\n)*[ \t]*/y;

/**
 * Decodes a YAML flow scalar with its places: lines folded, `''` and escapes resolved.
 * Source: YAML 1.2.2, 7.3.
 *
 * @param source the file's text
 * @param start where the scalar starts, its quote included
 * @param end where it ends, exclusive
 */
export function mapFlowScalar(
  source: string,
  start: number,
  end: number,
  style: "plain" | "single" | "double",
): TextMap {
  const map = createTextMap(source);
  const quoted = style === "plain" ? 0 : 1;
  const last = end - quoted;
  let kept = start + quoted;
  let at = kept;
  const rewrite = (text: string, to: number) => {
    map.copy(kept, at);
    map.replace(text, at, to);
    at = kept = to;
  };
  while (at < last) {
    const character = source[at];
    if (character === " " || character === "\t" || character === "\r" || character === "\n") {
      const folded = readFold(source, at, last);
      if (folded === undefined) at++;
      else rewrite(folded.text, folded.end);
    } else if (style === "single" && character === "'") {
      rewrite("'", at + 2);
    } else if (style === "double" && character === "\\") {
      const escape = readEscape(source, at);
      rewrite(escape.text, Math.min(last, escape.end));
    } else {
      at++;
    }
  }
  map.copy(kept, last);
  return map.build();
}

function readFold(source: string, at: number, last: number): { text: string; end: number } | undefined {
  fold.lastIndex = at;
  const found = fold.exec(source)?.[0];
  if (found === undefined || at + found.length > last) return undefined;
  const breaks = found.split("\n").length - 1;
  return { text: breaks === 1 ? " " : "\n".repeat(breaks - 1), end: at + found.length };
}

function readEscape(source: string, at: number): { text: string; end: number } {
  const letter = source[at + 1] ?? "";
  if (letter === "\n" || letter === "\r") {
    let end = at + (letter === "\r" ? 3 : 2);
    while (source[end] === " " || source[end] === "\t") end++;
    return { text: "", end };
  }
  const digits = hexLengths[letter];
  if (digits === undefined) return { text: escapes[letter] ?? letter, end: at + 2 };
  const code = Number.parseInt(source.slice(at + 2, at + 2 + digits), 16);
  return { text: code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD", end: at + 2 + digits };
}

/** Characters as they stand. */
export function mapVerbatim(source: string, from: number, to: number): TextMap {
  const map: TextMapBuilder = createTextMap(source);
  map.copy(from, to);
  return map.build();
}
