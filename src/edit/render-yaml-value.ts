import { isAlias, type Alias } from "yaml";
import { resolveScalar } from "../compose/resolve-scalar.ts";
import type { YamlStyle } from "./yaml-file.ts";

/** A value that may name anchors of the file. */
export type WritableValue =
  | string
  | number
  | boolean
  | null
  | Alias
  | readonly WritableValue[]
  | { readonly [key: string]: WritableValue };

type WritableMap = { readonly [key: string]: WritableValue };

/** How texts are quoted where they need not be. */
export type Quoting = "plain" | "double" | "single";

const width = 2;

/** The lines of `key: value` in block style, without line breaks, all indented by `indent`. */
export function renderBlockEntry(
  key: string,
  value: WritableValue,
  indent: string,
  style: YamlStyle,
): readonly string[] {
  return prefixed(`${indent}${renderKey(key)}:`, value, indent, style);
}

/** What stands behind the colon of a key that is indented by `indent`, and the lines below it. */
export function renderBlockValue(value: WritableValue, indent: string, style: YamlStyle): readonly string[] {
  return prefixed("", value, indent, style);
}

/** The lines of `- value` in block style. */
export function renderBlockItem(
  value: WritableValue,
  indent: string,
  style: YamlStyle,
  quoting: Quoting = "plain",
): readonly string[] {
  if (isWritableMap(value) && Object.keys(value).length > 0) {
    const inner = indent + " ".repeat(width);
    const lines = Object.entries(value).flatMap(([key, part]) => renderBlockEntry(key, part, inner, style));
    return lines.map((line, at) => (at === 0 ? `${indent}- ${line.slice(inner.length)}` : line));
  }
  if (Array.isArray(value)) return [`${indent}- ${renderFlowValue(value)}`];
  if (typeof value === "string" && quoting !== "plain" && !value.includes("\n"))
    return [`${indent}- ${quoteText(value, quoting)}`];
  return prefixed(`${indent}-`, value, indent, style);
}

function prefixed(prefix: string, value: WritableValue, indent: string, style: YamlStyle): readonly string[] {
  if (value === null) return [prefix];
  if (Array.isArray(value) && value.length > 0) {
    const inner = indent + " ".repeat(style.listStep);
    return [prefix, ...value.flatMap((item: WritableValue) => renderBlockItem(item, inner, style))];
  }
  if (isWritableMap(value) && Object.keys(value).length > 0) {
    const inner = indent + " ".repeat(style.step);
    return [prefix, ...Object.entries(value).flatMap(([key, part]) => renderBlockEntry(key, part, inner, style))];
  }
  if (typeof value === "string" && isBlockText(value)) {
    const inner = indent + " ".repeat(style.step);
    const body = value.endsWith("\n") ? value.slice(0, -1) : value;
    const lines = body.split("\n").map((line) => (line === "" ? "" : inner + line));
    return [`${prefix} |${value.endsWith("\n") ? "" : "-"}`, ...lines];
  }
  return [`${prefix} ${renderFlowValue(value, { inFlow: false })}`];
}

/** A value on one line. `json`: keys and texts quoted as JSON does, for files that are written so. */
export function renderFlowValue(value: WritableValue, { inFlow = true, json = false } = {}): string {
  if (value === null) return json || inFlow ? "null" : "";
  if (isAlias(value)) return `*${value.source}`;
  if (Array.isArray(value)) {
    return `[${value.map((item: WritableValue) => renderFlowValue(item, { json })).join(", ")}]`;
  }
  if (isWritableMap(value)) {
    return `{${Object.entries(value)
      .map(([key, part]) => renderFlowEntry(key, part, { json }))
      .join(", ")}}`;
  }
  if (typeof value !== "string") return JSON.stringify(value);
  return json ? JSON.stringify(value) : renderText(value, { inFlow });
}

/** `key: value` on one line. */
export function renderFlowEntry(key: string, value: WritableValue, { json = false } = {}): string {
  const name = json ? JSON.stringify(key) : renderKey(key, { inFlow: true });
  return `${name}: ${renderFlowValue(value, { json })}`;
}

function renderKey(key: string, { inFlow = false } = {}): string {
  return key === "<<" ? key : renderText(key, { inFlow });
}

/** A text, quoted only where Compose would read something else. */
export function renderText(text: string, { inFlow = false } = {}): string {
  return isPlainText(text, inFlow) ? text : quoteText(text, "double");
}

/** True when Compose reads the bare text as exactly this text. */
export function isPlainText(text: string, inFlow: boolean): boolean {
  if (text === "<<" || resolveScalar(text) !== text) return false;
  // Booleans, and numbers to the base of 60, for other readers of YAML: `no`, `5432:5432`.
  if (/^(?:[-+]?[0-9]+(?::[0-9]+)+|yes|no|on|off)$/i.test(text)) return false;
  if (/^[\s!&*|>%@`"'#{}[\],]|^[-?:]([\s]|$)|^---|^\.\.\.|\s$|:(\s|$)|\s#/.test(text)) return false;
  if (inFlow && /[{}[\],]|^[-?:]/.test(text)) return false;
  return /^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]+$/u.test(text);
}

/** A text in the wanted quotes; in double quotes where single ones cannot hold it or double ones would need escapes. */
export function quoteText(text: string, wanted: "double" | "single"): string {
  const isSimple = !/[\p{Cc}\u2028\u2029\ufeff]/u.test(text);
  if (isSimple && (wanted === "single" || (/["\\]/.test(text) && !text.includes("'")))) {
    return `'${text.replaceAll("'", "''")}'`;
  }
  return `"${escapeDoubleQuoted(text)}"`;
}

/** The inside of a double-quoted YAML text. */
export function escapeDoubleQuoted(text: string): string {
  const named: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\" };
  return text.replace(/["\\\p{Cc}\u2028\u2029\ufeff]/gu, (character) => {
    const code = character.charCodeAt(0);
    return (
      named[character] ??
      (code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`)
    );
  });
}

/** True for a text of several lines that a literal block holds as it is. */
function isBlockText(text: string): boolean {
  return /\n./.test(text) && !/^[\s]|\n\n$|[ \t](\n|$)|[^\n\t\P{Cc}]|[\u2028\u2029\ufeff]/u.test(text);
}

function isWritableMap(value: WritableValue): value is WritableMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isAlias(value);
}
