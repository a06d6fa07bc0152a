import { interpolateText, type InterpolatedPart, type Lookup, type VariableUse } from "./interpolate-text.ts";

/** One assignment of an env file. Offsets are UTF-16, into the text that was parsed. */
export interface DotenvEntry {
  readonly key: string;
  readonly value: string;
  /** Where the key starts and the value ends. */
  readonly start: number;
  readonly end: number;
  /** Where the value starts, its quote included; the end for a name without one. */
  readonly valueStart: number;
  readonly quote?: "'" | '"';
  /** What the value was interpolated from; absent where nothing is interpolated. */
  readonly parts?: readonly InterpolatedPart[];
  /** Variables that the value read. */
  readonly uses: readonly VariableUse[];
}

export interface DotenvFault {
  readonly message: string;
  readonly at: number;
}

export interface Dotenv {
  /** In file order; a key written twice stands twice, the later one counts. */
  readonly entries: readonly DotenvEntry[];
  /** The first fault ends the parse, as in Compose. */
  readonly fault: DotenvFault | undefined;
}

const escapes: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};

/** Characters that variables may make of the values of one file. */
const maximumLength = 16 * 1024 * 1024;

/**
 * Parses an env file: `K=v`, `export K=v`, `K: v`, a bare `K` that inherits, comments (after a space), single quotes
 * literal, double quotes with escapes and expansion, values over several lines. References see `lookup` first, then
 * what the file set before them. Port of compose-go dotenv/parser.go.
 *
 * @param text the file's text, with or without a byte order mark
 * @param lookup variables that win over the file's own
 * @param earlier what files read before this one set
 */
export function parseDotenv(text: string, lookup: Lookup, earlier: ReadonlyMap<string, string> = new Map()): Dotenv {
  const entries: DotenvEntry[] = [];
  const known = new Map(earlier);
  const expand: Lookup = (name) => lookup(name) ?? known.get(name);
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let length = 0;

  for (;;) {
    at = skipBlank(text, at);
    if (at >= text.length) return { entries, fault: undefined };
    const key = readKey(text, at);
    if ("message" in key) return { entries, fault: key };
    if (key.name.includes(" ")) return { entries, fault: { message: "key cannot contain a space", at } };
    if (key.inherited) {
      const value = lookup(key.name);
      if (value !== undefined) {
        known.set(key.name, value);
        const end = key.start + key.name.length;
        entries.push({ key: key.name, value, start: key.start, end, valueStart: end, uses: [] });
      }
      at = key.end;
      continue;
    }
    const read = readValue(text, key.end, expand);
    if ("message" in read) return { entries, fault: read };
    const { next, ...value } = read;
    if (value.uses.length > 0 && (length += value.value.length) > maximumLength)
      return { entries, fault: { message: "variables make the values of this file too long together", at } };
    known.set(key.name, value.value);
    entries.push({ key: key.name, start: key.start, valueStart: key.end, ...value });
    at = next;
  }
}

function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && /[\s\u0085]/.test(text[at] as string) && text[at] !== "\uFEFF") at++;
    if (text[at] !== "#") return at;
    const newline = text.indexOf("\n", at);
    if (newline === -1) return text.length;
    at = newline;
  }
}

function isInlineSpace(character: string): boolean {
  return /[\t\v\f\r \u0085\u00A0]/.test(character);
}

function readKey(
  text: string,
  from: number,
): { name: string; start: number; end: number; inherited: boolean } | DotenvFault {
  const exported = /^export\s+/.exec(text.slice(from, from + 4096));
  let start = from;
  if (exported !== null) {
    start = from + "export".length;
    while (isInlineSpace(text[start] ?? "")) start++;
  }
  for (let at = start; at < text.length; at++) {
    const code = text.codePointAt(at) ?? 0;
    const character = String.fromCodePoint(code);
    if (isInlineSpace(character)) continue;
    if (character === "=" || character === ":" || character === "\n") {
      let end = at + 1;
      while (isInlineSpace(text[end] ?? "")) end++;
      return { name: text.slice(start, at).trimEnd(), start, end, inherited: character === "\n" };
    }
    if (/[_.\-[\]]/.test(character)) continue;
    // The line itself may hold a secret, so the message names the character only.
    if (!/[\p{L}\p{N}]/u.test(character))
      return { message: `unexpected character "${character}" in a variable name`, at };
    if (code > 0xffff) at++;
  }
  // The parser looks for a separator; a name that ends the file has none and is read again as a value without a name.
  return { name: "", start, end: start, inherited: false };
}

/** A value, where it ends, and where the next assignment may start. */
type ReadValue = Pick<DotenvEntry, "value" | "end" | "quote" | "parts" | "uses"> & { readonly next: number };

function readValue(text: string, from: number, lookup: Lookup): ReadValue | DotenvFault {
  const quote = text[from];
  if (quote !== '"' && quote !== "'") return readUnquoted(text, from, lookup);
  let value = "";
  let escaped = false;
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at] as string;
    if (character === quote) {
      if (!escaped) return finishQuoted(value, quote, from, at, lookup);
      escaped = false;
      value += character;
    } else if (!escaped && character === "\\") {
      escaped = true;
    } else {
      value += escaped ? `\\${character}` : character;
      escaped = false;
    }
  }
  return { message: `the quote ${quote} is never closed`, at: from };
}

function finishQuoted(
  value: string,
  quote: "'" | '"',
  from: number,
  at: number,
  lookup: Lookup,
): ReadValue | DotenvFault {
  const place = { quote, end: at + 1, next: at + 1 };
  if (quote === "'") return { ...place, value, uses: [] };
  const result = interpolateText(value.replace(dotenvEscape, expandEscape), lookup);
  if (result.fault !== undefined) return { message: result.fault.message, at: from };
  return { ...place, value: result.text, uses: result.uses, parts: result.parts };
}

function readUnquoted(text: string, from: number, lookup: Lookup): ReadValue | DotenvFault {
  const newline = text.indexOf("\n", from);
  const end = newline === -1 ? text.length : newline;
  const line = text.slice(from, end);
  const comment = line.indexOf(" #");
  const value = (comment === -1 ? line : line.slice(0, comment)).trimEnd();
  const result = interpolateText(value, lookup);
  if (result.fault !== undefined) return { message: result.fault.message, at: from + result.fault.at };
  const { uses, parts } = result;
  return { value: result.text, end: from + value.length, next: newline === -1 ? end : end + 1, uses, parts };
}

/** The escapes that mean something between double quotes. */
export const dotenvEscape = /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g;

/** What an escape stands for; an escaped `$` is doubled, because variables are replaced afterwards. */
export function expandEscape(escape: string): string {
  const letter = escape[1] as string;
  if (letter === "$") return "$$";
  if (letter === "0") {
    const digits = escape.slice(2);
    const code = /^[0-7]{3}$/.test(digits) ? Number.parseInt(digits, 8) : 256;
    return code < 256 ? String.fromCharCode(code) : `\\${digits}`;
  }
  return escapes[letter] ?? escape;
}
