import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  visit,
  type Alias,
  type Node,
  type YAMLMap,
} from "yaml";
import { composeDocuments } from "../compose/compose-documents.ts";
import type { SourceText } from "../compose/source-text.ts";
import type { TextEdit } from "../core/fix.ts";

/** How a file writes YAML, so that new text looks like its own. */
export interface YamlStyle {
  readonly newline: "\n" | "\r\n";
  /** Columns a mapping stands right of its key. */
  readonly step: number;
  /** Columns a list's dashes stand right of its key: 0 or the step. */
  readonly listStep: number;
}

/** One document of a file, parsed for its places. All offsets are UTF-16, into `source.text`. */
export interface YamlDocument {
  readonly source: SourceText;
  readonly root: YAMLMap;
  readonly style: YamlStyle;
  /** What every alias stands for: the last anchor of its name before it. */
  readonly targets: ReadonlyMap<Alias, Node>;
  /** Every anchored node in document order. */
  readonly anchored: readonly Node[];
}

const described = new WeakMap<SourceText, readonly YamlDocument[]>();

/** The documents of a Compose file whose root is a mapping; empty when the file is no YAML. Parsed once a source. */
export function parseYamlFile(source: SourceText): readonly YamlDocument[] {
  const known = described.get(source) ?? describeAll(source);
  described.set(source, known);
  return known;
}

function describeAll(source: SourceText): readonly YamlDocument[] {
  const composed = composeDocuments(source);
  if ("refused" in composed || composed.documents.some(({ errors }) => errors.length > 0)) return [];
  return composed.documents.flatMap((document) => {
    const root = document.contents as Node | null;
    return isMap(root) ? [describe(source, root)] : [];
  });
}

function describe(source: SourceText, root: YAMLMap): YamlDocument {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const anchored: Node[] = [];
  visit(root, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target !== undefined) targets.set(node, target);
      } else if (isNode(node) && node.anchor !== undefined) {
        anchors.set(node.anchor, node);
        anchored.push(node);
      }
    },
  });
  return { source, root, style: detectStyle(source.text, root), targets, anchored };
}

function detectStyle(text: string, root: YAMLMap): YamlStyle {
  const newline = /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n";
  let step: number | undefined;
  let listStep: number | undefined;
  visit(root, {
    Pair(_at, { key, value }) {
      if (!isScalar(key) || !isCollection(value) || value.flow === true) return;
      const columns = columnOf(text, startOf(value)) - columnOf(text, startOf(key));
      if (isMap(value)) step ??= columns;
      else if (isSeq(value)) listStep ??= columns;
      if (step !== undefined && listStep !== undefined) return visit.BREAK;
      return undefined;
    },
  });
  const mapStep = step === undefined || step < 1 ? 2 : step;
  return { newline, step: mapStep, listStep: listStep ?? mapStep };
}

/** Columns before an offset in its line. */
export function columnOf(text: string, offset: number): number {
  return offset - startOfLine(text, offset);
}

export function startOfLine(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return start === 0 && text.startsWith("\uFEFF") ? Math.min(1, offset) : start;
}

export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** An edit of the UTF-16 range `start`..`end`; line breaks of `text` become the file's own. */
export function editText(document: YamlDocument, start: number, end: number, text: string): TextEdit {
  const span = document.source.span(start, end);
  const written = document.style.newline === "\n" ? text : text.replaceAll("\n", "\r\n");
  return { file: span.file, start: span.start, end: span.end, text: written };
}

/** Where the text of a node or pair ends, without a comment or blank lines behind it. */
export function contentEnd(text: string, part: unknown): number {
  if (isPair(part)) {
    if (isNode(part.value) && endsBehindKey(part.value, part.key)) return contentEnd(text, part.value);
    return isNode(part.key) ? contentEnd(text, part.key) : 0;
  }
  if (!isNode(part)) return 0;
  const [start, end] = part.range ?? [0, 0];
  if (isScalar(part) && (part.type === "BLOCK_LITERAL" || part.type === "BLOCK_FOLDED")) {
    const header = /^[|>][-+0-9]*/.exec(text.slice(start))?.[0] ?? "";
    // Kept line breaks belong to the value.
    if (header.includes("+")) return text[end - 1] === "\n" ? end - 1 : end;
    return start + text.slice(start, end).trimEnd().length;
  }
  if (isCollection(part) && part.flow !== true) {
    const last = part.items.at(-1);
    return last === undefined ? end : Math.max(contentEnd(text, last), start);
  }
  return end;
}

/** False for a value that is not written at all, which the parser puts somewhere behind its key. */
function endsBehindKey(value: Node, key: unknown): boolean {
  const [start, end] = value.range ?? [0, 0];
  return isNode(key) && end > (key.range?.[1] ?? 0) && (end > start || isAlias(value) || value.anchor !== undefined);
}

/** The offset behind the line that `offset` is in: after its line break, or the end of the text. */
export function behindLine(text: string, offset: number): number {
  const at = text.indexOf("\n", offset);
  return at === -1 ? text.length : at + 1;
}

/** The offset of the line break that ends the line, or the end of the text. */
export function endOfLine(text: string, offset: number): number {
  const at = text.indexOf("\n", offset);
  if (at === -1) return text.length;
  return text[at - 1] === "\r" && at > offset ? at - 1 : at;
}
