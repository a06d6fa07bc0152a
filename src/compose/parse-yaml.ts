import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  visit,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLParseError,
} from "yaml";
import type { Span } from "../core/span.ts";
import { composeDocuments } from "./compose-documents.ts";
import { addFault, type Faults } from "./faults.ts";
import { resolveScalar } from "./resolve-scalar.ts";
import { hiddenAt } from "./gather-hidden.ts";
import { traceScalar } from "./trace-scalar.ts";
import type { SourceText } from "./source-text.ts";
import { list, mapping, precededBy, scalar, writtenOrigin, type Entry, type ScalarValue, type Tree } from "./tree.ts";

/** One YAML document of a file. */
export interface ParsedDocument {
  readonly root: Tree;
  /** Paths that `!reset` and `!override` clear in what was merged before. */
  readonly cleared: readonly (readonly string[])[];
}

const maximumErrors = 100;
/** Compose's own limit: beyond it a file is refused instead of traversed. */
const maximumNodes = 100_000;
/** How many values aliases may unfold to; a hundred times what real projects reach. */
const maximumUnfolded = 200_000;
/** Deeper than any model; the steps after this one recurse. */
const maximumDepth = 200;

/**
 * Parses a file into one tree per document, with anchors, merge keys and tags resolved as Compose resolves them:
 * `<<` is shallow, keys written out win over it, the first of a list of merges wins, two `<<` or two equal keys in one
 * mapping are refused. Faults go to `faults` with their places; the documents are empty when the file is no YAML.
 * Sources: compose-go loader/reset.go, go.yaml.in/yaml/v4.
 */
export function parseYaml(source: SourceText, faults: Faults): readonly ParsedDocument[] {
  const composed = composeDocuments(source);
  if ("refused" in composed) {
    const span = source.span(composed.at, composed.at);
    addFault(faults, `the file has ${composed.refused}`, span, { kind: "syntax", data: { file: source.file } });
    return [];
  }
  const { documents } = composed;
  const before = faults.faults.length;
  for (const document of documents) {
    for (const error of independentErrors(source, document.errors)) {
      const span = source.span(error.pos[0], Math.max(error.pos[0], error.pos[1]));
      addFault(faults, error.message, span, { kind: "syntax", data: { file: source.file } });
    }
  }
  if (faults.faults.length > before) return [];
  const results: ParsedDocument[] = [];
  for (const document of documents) {
    const reader = createReader(source, document, faults);
    const root = reader.read(document.contents, []);
    if (root !== undefined) results.push({ root, cleared: reader.cleared });
  }
  return results;
}

/** One error a line, and none of those that tell only that the parser lost its way after the first. */
function independentErrors(source: SourceText, errors: readonly YAMLParseError[]): readonly YAMLParseError[] {
  const lines = new Map<number, YAMLParseError>();
  for (const error of errors.slice(0, maximumErrors)) {
    if (lines.size > 0 && error.code === "UNEXPECTED_TOKEN") break;
    const { line } = source.span(error.pos[0], error.pos[0]);
    if (!lines.has(line)) lines.set(line, error);
  }
  return [...lines.values()];
}

function createReader(source: SourceText, document: Document.Parsed, faults: Faults) {
  const cleared: (readonly string[])[] = [];
  const open = new Set<Node>();
  // Resolved in document order: an alias means the last anchor of its name before it.
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  let everyAnchor: Map<string, Node[]> | undefined;
  let nodes = 0;
  let unfolded = 0;
  let depth = 0;
  let refused = false;

  function fault(message: string, span: Span, path: readonly string[]): undefined {
    addFault(faults, message, span, { kind: "syntax", data: { file: source.file }, hides: hiddenAt(path) });
    return undefined;
  }

  function spanOfNode(node: Node | null | undefined): Span {
    const range = node?.range;
    return range ? source.span(range[0], Math.max(range[0], range[1])) : source.span(0, 0);
  }

  function read(node: Node | null | undefined, path: readonly string[]): Tree | undefined {
    if (refused) return undefined;
    if (depth === 0) nodes++;
    else unfolded++;
    if (nodes > maximumNodes || unfolded > maximumUnfolded) {
      refused = true;
      return fault(
        nodes > maximumNodes
          ? `the file has more than ${maximumNodes} values, which Compose refuses`
          : `aliases unfold to more than ${maximumUnfolded} values`,
        spanOfNode(node),
        [],
      );
    }
    if (node === null || node === undefined)
      return { kind: "scalar", value: null, origin: writtenOrigin(source.span(0, 0)) };
    if (Math.max(path.length, open.size) > maximumDepth)
      return fault(`values are nested more than ${maximumDepth} levels deep`, spanOfNode(node), path);
    remember(node);
    if (node.tag === "!reset") {
      cleared.push(path);
      return undefined;
    }
    if (node.tag === "!override") cleared.push(path);
    if (isAlias(node)) return readAlias(node, path);
    if (isScalar(node)) return readScalar(node, path);
    if (isSeq(node)) {
      const items: Tree[] = [];
      for (const [index, item] of node.items.entries()) {
        const value = read(item as Node, [...path, String(index)]);
        if (value !== undefined) items.push(value);
      }
      return list(items, writtenOrigin(spanOfNode(node)));
    }
    if (isMap(node)) return readMapping(node, path);
    return undefined;
  }

  function remember(node: Node): void {
    if (depth === 0 && !isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
  }

  function targetOf(node: Alias): Node | undefined {
    const target = targets.get(node) ?? anchors.get(node.source) ?? unvisitedAnchor(node);
    if (target !== undefined) targets.set(node, target);
    return target;
  }

  /** An anchor in a part that `!reset` leaves out, which is not visited. */
  function unvisitedAnchor(node: Alias): Node | undefined {
    if (everyAnchor === undefined) {
      everyAnchor = new Map();
      visit(document, {
        Node(_key, found) {
          if (isAlias(found) || found.anchor === undefined) return;
          everyAnchor?.set(found.anchor, [...(everyAnchor.get(found.anchor) ?? []), found]);
        },
      });
    }
    const before = node.range?.[0] ?? 0;
    return everyAnchor.get(node.source)?.findLast((anchor) => (anchor.range?.[0] ?? 0) < before);
  }

  function readAlias(node: Alias, path: readonly string[]): Tree | undefined {
    const target = targetOf(node);
    const span = spanOfNode(node);
    if (target === undefined) return fault(`unknown anchor "${node.source}"`, span, path);
    if (open.has(target)) return fault(`anchor "${node.source}" contains itself`, span, path);
    open.add(target);
    depth++;
    const value = read(target, path);
    depth--;
    open.delete(target);
    return value === undefined ? undefined : precededBy(value, { step: "anchor", span });
  }

  function readScalar(node: Node, path: readonly string[]): Tree | undefined {
    if (!isScalar(node)) return undefined;
    const text = typeof node.value === "string" ? node.value : "";
    const span = spanOfNode(node);
    const value = resolveTagged(node.tag, text, node.type === "PLAIN" || node.type === undefined || node.type === null);
    if (value === undefined)
      return fault(`"${text}" is no ${node.tag?.replace("tag:yaml.org,2002:", "!!")}`, span, path);
    if (typeof value === "number" && !Number.isFinite(value))
      return fault(`${text} is no number that Compose accepts; put it in quotes`, span, path);
    return scalar(value, writtenOrigin(span), typeof value === "string" ? traceScalar(source, node) : undefined);
  }

  function readMapping(node: YAMLMap, path: readonly string[]): Tree | undefined {
    const entries = new Map<string, Entry>();
    const merges: { value: Tree; span: Span }[] = [];
    const lines = new Map<string, number>();
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const key = readKey(pair as Pair<Node | null, Node | null>, path);
      if (key === undefined) continue;
      const first = lines.get(key.text);
      if (first !== undefined) {
        fault(
          key.merges
            ? `a second "<<" in one mapping (the first is in line ${first}); Compose refuses it, write "<<: [*a, *b]"`
            : `key "${key.text}" is already defined in line ${first}`,
          key.span,
          [...path, key.text],
        );
        continue;
      }
      lines.set(key.text, key.span.line);
      const valueNode = pair.value as Node | null;
      if (key.merges) {
        const value = read(valueNode, path);
        if (value !== undefined) merges.push({ value, span: spanOfNode(valueNode) });
        continue;
      }
      const value = valueNode === null ? nullAfter(key.span) : read(valueNode, [...path, key.text]);
      if (value !== undefined) entries.set(key.text, { value, keySpan: key.span });
    }
    for (const merge of merges) applyMerge(entries, merge.value, merge.span, path);
    return mapping(entries, writtenOrigin(spanOfNode(node)));
  }

  function nullAfter(span: Span): Tree {
    return { kind: "scalar", value: null, origin: writtenOrigin(span) };
  }

  function readKey(
    pair: Pair<Node | null, Node | null>,
    path: readonly string[],
  ): { text: string; span: Span; merges: boolean } | undefined {
    const written = pair.key;
    if (written !== null) remember(written);
    const key = isAlias(written) ? targetOf(written) : written;
    const span = spanOfNode(written ?? pair.value);
    if (!isScalar(key)) return fault("a key must be text", span, path);
    const text = typeof key.value === "string" ? key.value : (key.source ?? "");
    const plain = key.type === "PLAIN" || key.type === undefined || key.type === null;
    if (plain && text === "<<" && (key.tag === undefined || key.tag === "tag:yaml.org,2002:merge"))
      return { text, span, merges: true };
    const value = resolveTagged(key.tag, text, plain);
    if (typeof value !== "string")
      return fault(`the key ${text === "" ? "(empty)" : text} is no text; put it in quotes`, span, path);
    return { text: value, span, merges: false };
  }

  function applyMerge(entries: Map<string, Entry>, value: Tree, span: Span, path: readonly string[]): void {
    const sources = value.kind === "list" ? value.items : [value];
    for (const item of sources) {
      if (item.kind !== "map") {
        fault(`"<<" needs a mapping or a list of mappings`, span, path);
        continue;
      }
      for (const [key, entry] of item.entries) {
        const merged = precededBy(entry.value, { step: "merge-key", span });
        const own = entries.get(key);
        if (own === undefined) {
          entries.set(key, { ...entry, value: merged });
          continue;
        }
        const losers = [...own.value.origin.losers, merged.origin];
        entries.set(key, { ...own, value: { ...own.value, origin: { ...own.value.origin, losers } } });
      }
    }
  }

  return { read, cleared };
}

/** The value under an explicit tag, or undefined when the text does not fit it. */
function resolveTagged(tag: string | undefined, text: string, plain: boolean): ScalarValue | undefined {
  const short = tag?.replace("tag:yaml.org,2002:", "!!");
  switch (short) {
    case undefined:
    case "?":
      return plain ? resolveScalar(text) : text;
    case "!!int": {
      const value = resolveScalar(text);
      return typeof value === "bigint" ? value : undefined;
    }
    case "!!float": {
      const value = resolveScalar(text);
      return typeof value === "bigint" ? Number(value) : typeof value === "number" ? value : undefined;
    }
    case "!!bool": {
      const value = resolveScalar(text);
      return typeof value === "boolean" ? value : undefined;
    }
    case "!!null":
      return resolveScalar(text) === null ? null : undefined;
    case "!override":
    case "!reset":
      return plain ? resolveScalar(text) : text;
    default:
      return text;
  }
}
