import { decodeBlockScalar } from "./map-block-scalar.ts";
import { readPlainInline } from "./read-plain-inline.ts";
import type { YamlNode, YamlPair } from "./yaml-node.ts";

/** Larger files are left to the parser that counts what it spends. */
const maximumLength = 1_000_000;
/** Deeper than people write; reading recurses. */
const maximumDepth = 50;

/** What YAML treats in ways of its own, or not at all: tabs, carriage returns, a byte order mark, other control characters. */
// oxlint-disable-next-line no-control-regex
const unusual = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028\u2029\uFEFF]/;
const key = /([A-Za-z0-9_.<$/][^\s:#,[\]{}&*!|>'"%@`?]{0,999}|"[^"\\\n]{1,999}"|'[^'\n]{1,999}'):(?= |\n|$)/y;
const anchor = /&([A-Za-z0-9_-]+) *(?=\n)/y;
const blockHeader = /[|>]-?(?=\n)/y;
const restOfLine = / *(?: #[^\n]*)?(?:\n|$)/y;

interface Line {
  /** Columns before its content. */
  readonly indent: number;
  /** Offset of its first character that is not read yet. */
  readonly start: number;
}

/**
 * Reads a file in the YAML that nearly all Compose files are written in: one document of block mappings and sequences,
 * scalars and flow collections on one line, block scalars, anchors of collections, aliases. Its nodes are those of the
 * complete parser, which read-plain-yaml.test.ts holds, in a fraction of the time
 * (docs/decisions/0016-what-a-cold-check-costs.md).
 *
 * @returns the root; undefined for a file with anything else, faults included: it is for the complete parser
 */
export function readPlainYaml(text: string): YamlNode | undefined {
  if (text.length > maximumLength || unusual.test(text)) return undefined;
  /** Where the next line starts that was not looked at. */
  let at = 0;
  /** Where what belongs to the last value ends: behind its line break. */
  let reached = 0;
  let depth = 0;
  let isPlain = true;
  /** There is a comment between the last line and this one. */
  let hasComment = false;
  /** The line to read next; undefined at the end. */
  let line = nextLine();

  if (line?.indent !== 0) return undefined;
  const root = readBlock(line);
  return isPlain && line === undefined ? root : undefined;

  /** Ends the work: nothing is left to read. */
  function giveUp(): YamlNode {
    isPlain = false;
    line = undefined;
    at = text.length;
    return { kind: "scalar", style: "plain", text: "", start: 0, end: 0 };
  }

  /** A comment that is indented more than what follows ends the value before it later: that is left to the complete parser. */
  function nextLine(): Line | undefined {
    let deepest = 0;
    hasComment = false;
    while (at < text.length) {
      let start = at;
      while (text[start] === " ") start++;
      const indent = start - at;
      if (text[start] === "#") {
        deepest = Math.max(deepest, indent);
        hasComment = true;
      }
      if (text[start] !== "#" && text[start] !== "\n" && start < text.length) {
        if (deepest <= indent) return { indent, start };
        break;
      }
      at = behindLine(start);
    }
    if (deepest > 0) isPlain = false;
    return undefined;
  }

  function behindLine(offset: number): number {
    const newline = text.indexOf("\n", offset);
    return newline === -1 ? text.length : newline + 1;
  }

  function match(pattern: RegExp, offset: number): readonly string[] | null {
    pattern.lastIndex = offset;
    return pattern.exec(text);
  }

  function isItem({ start }: Line): boolean {
    return text[start] === "-" && (text[start + 1] === " " || text[start + 1] === "\n");
  }

  /** The mapping or sequence whose first line is `first`; `line` is the one behind it then, as after all that is read. */
  function readBlock(first: Line): YamlNode {
    if (++depth > maximumDepth) return giveUp();
    const node = isItem(first) ? readSequence(first) : readMapping(first);
    depth--;
    // Where the block does not fit the ones around it, this ends them all.
    return line !== undefined && line.indent > first.indent ? giveUp() : node;
  }

  function readMapping({ indent, start }: Line): YamlNode {
    const pairs: YamlPair[] = [];
    while (line !== undefined && line.indent === indent && !isItem(line)) {
      const from = line.start;
      const [found, name = ""] = match(key, from) ?? [];
      if (found === undefined) return giveUp();
      const value = readValue(from + found.length, indent);
      pairs.push({ key: keyNode(name, from), value });
    }
    return { kind: "mapping", pairs, start, end: reached };
  }

  function readSequence({ indent, start }: Line): YamlNode {
    const items: YamlNode[] = [];
    while (line !== undefined && line.indent === indent && isItem(line)) {
      let content = line.start + 1;
      while (text[content] === " ") content++;
      const inner = { indent: indent + content - line.start, start: content };
      if (/[\n#&]/.test(text[content] ?? "\n") || isItem(inner)) return giveUp();
      if (match(key, content) === null) items.push(readValue(content, indent));
      else {
        line = inner;
        items.push(readBlock(inner));
      }
    }
    return { kind: "sequence", items, start, end: reached };
  }

  /** The value behind a key or dash of a block that is indented by `indent`. */
  function readValue(offset: number, indent: number): YamlNode {
    let start = offset;
    while (text[start] === " ") start++;
    const first = text[start] ?? "\n";
    if (first === "\n" || first === "#") {
      toLineAt(behindLine(start));
      if (line !== undefined && isInside(line, indent)) return readBlock(line);
      // A comment belongs to the missing value.
      if (first === "#" || hasComment) return giveUp();
      reached = start;
      return { kind: "scalar", style: "plain", text: "", start, end: start };
    }
    if (first === "&") {
      const [found, name] = match(anchor, start) ?? [];
      toLineAt(behindLine(start));
      if (found === undefined || line === undefined || !isInside(line, indent)) return giveUp();
      return { ...readBlock(line), anchor: name };
    }
    if (first === "|" || first === ">") return readBlockScalar(start, indent);
    const node = readPlainInline(text, start);
    const [rest] = node === undefined ? [] : (match(restOfLine, node.end) ?? []);
    if (node === undefined || rest === undefined) return giveUp();
    reached = node.end + rest.length;
    toLineAt(reached);
    // The scalar goes on in the next line.
    return line !== undefined && line.indent > indent ? giveUp() : node;
  }

  function toLineAt(offset: number): void {
    at = offset;
    line = nextLine();
  }

  /** A sequence may stand right below its key. */
  function isInside(inner: Line, indent: number): boolean {
    return inner.indent > indent || (inner.indent === indent && isItem(inner));
  }

  function readBlockScalar(start: number, parent: number): YamlNode {
    if (match(blockHeader, start) === null) return giveUp();
    let indent: number | undefined;
    let end = behindLine(start);
    for (let from = end; from < text.length; from = behindLine(from)) {
      let content = from;
      while (text[content] === " ") content++;
      const columns = content - from;
      if (text[content] === "\n" || content === text.length) {
        // Spaces of an empty line may be part of the text.
        if (columns > (indent ?? parent)) return giveUp();
        continue;
      }
      indent ??= columns;
      if (columns < indent) {
        if (columns > parent) return giveUp();
        break;
      }
      end = behindLine(from);
    }
    if (indent === undefined || indent <= parent) return giveUp();
    reached = end;
    toLineAt(end);
    const style = text[start] === "|" ? "literal" : "folded";
    return { kind: "scalar", style, text: decodeBlockScalar(text, start, end, indent), start, end };
  }
}

function keyNode(written: string, start: number): YamlNode {
  const end = start + written.length;
  const quote = written[0];
  if (quote !== '"' && quote !== "'") return { kind: "scalar", style: "plain", text: written, start, end };
  return { kind: "scalar", style: quote === '"' ? "double" : "single", text: written.slice(1, -1), start, end };
}
