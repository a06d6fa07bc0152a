import { mapFlowScalar } from "./map-flow-scalar.ts";
import type { ScalarStyle, YamlNode, YamlPair } from "./yaml-node.ts";

const alias = /\*([A-Za-z0-9_-]+)(?=[ \n,\]}]|$)/y;
const doubleQuoted = /"(?:[^"\\\n]|\\[0abefnrtv"\\/ ])*"/y;
const singleQuoted = /'(?:[^'\n]|'')*'/y;
/** Ends before ` #`, and before `: `, which is a fault then. */
const plainInBlock = /(?![-?:](?: |\n|$))[^\s,[\]{}#&*!|>'"%@`](?:[^\n:#]|:(?! |\n|$)|(?<! )#)*/y;
/** What may mean something between brackets ends it, and is a fault then. */
const plainInFlow = /(?!-?[,\]}]|[-?:] )[^\s,[\]{}#&*!|>'"%@`?:](?:[^\n:#,[\]{}'"]|:(?![\s,[\]{}]|$))*/y;
const keyInFlow = /([A-Za-z0-9_.<$/][^\s:#,[\]{}&*!|>'"%@`?]*):(?= )/y;
const maximumDepth = 20;

/**
 * Reads an alias, a scalar or a flow collection that ends in its line, in the forms that Compose files have; part of
 * `readPlainYaml`.
 *
 * @returns undefined for anything else; what follows behind the node's end is for the caller
 */
export function readPlainInline(text: string, start: number): YamlNode | undefined {
  const first = text[start];
  return first === "[" || first === "{" ? readFlow(text, start, 0) : readLeaf(text, start, plainInBlock);
}

function readFlow(text: string, start: number, depth: number): YamlNode | undefined {
  const first = text[start];
  if (first !== "[" && first !== "{") return readLeaf(text, start, plainInFlow);
  if (depth > maximumDepth) return undefined;
  const close = first === "[" ? "]" : "}";
  const items: YamlNode[] = [];
  const pairs: YamlPair[] = [];
  let at = skipSpaces(text, start + 1);
  while (text[at] !== close) {
    let key: YamlNode | undefined;
    if (first === "{") {
      const name = match(keyInFlow, text, at)?.[1];
      if (name === undefined) return undefined;
      key = { kind: "scalar", style: "plain", text: name, start: at, end: at + name.length };
      at = skipSpaces(text, key.end + 1);
    }
    const value = readFlow(text, at, depth + 1);
    if (value === undefined) return undefined;
    if (key === undefined) items.push(value);
    else pairs.push({ key, value });
    at = skipSpaces(text, value.end);
    if (text[at] === close) break;
    if (text[at] !== ",") return undefined;
    at = skipSpaces(text, at + 1);
    // A comma before the bracket gives no item, and is no common sight.
    if (text[at] === close) return undefined;
  }
  const place = { start, end: at + 1 };
  return first === "[" ? { kind: "sequence", items, ...place } : { kind: "mapping", pairs, ...place };
}

function readLeaf(text: string, start: number, plain: RegExp): YamlNode | undefined {
  switch (text[start]) {
    case "*": {
      const name = match(alias, text, start)?.[1];
      return name === undefined ? undefined : { kind: "alias", name, start, end: start + 1 + name.length };
    }
    case '"':
      return readQuoted(text, start, doubleQuoted, "double");
    case "'":
      return readQuoted(text, start, singleQuoted, "single");
    default: {
      const found = match(plain, text, start)?.[0].trimEnd();
      if (found === undefined) return undefined;
      return { kind: "scalar", style: "plain", text: found, start, end: start + found.length };
    }
  }
}

function readQuoted(text: string, start: number, pattern: RegExp, style: ScalarStyle & ("double" | "single")) {
  const found = match(pattern, text, start)?.[0];
  if (found === undefined) return undefined;
  const end = start + found.length;
  const inner = found.slice(1, -1);
  const isAsWritten = !inner.includes(style === "double" ? "\\" : "'");
  const decoded = isAsWritten ? inner : mapFlowScalar(text, start, end, style).text;
  return { kind: "scalar", style, text: decoded, start, end } as const;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at++;
  return at;
}
