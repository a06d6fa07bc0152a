import type { YAMLParseError } from "yaml";
import { groupBy } from "../core/group-by.ts";
import type { Span } from "../core/span.ts";
import { composeDocuments } from "./compose-documents.ts";
import { addFault, type Faults } from "./faults.ts";
import { resolveScalar } from "./resolve-scalar.ts";
import { hiddenAt } from "./gather-hidden.ts";
import { traceScalar } from "./trace-scalar.ts";
import type { SourceText } from "./source-text.ts";
import { list, mapping, precededBy, scalar, writtenOrigin, type Entry, type ScalarValue, type Tree } from "./tree.ts";
import {
  listNodes,
  type AliasNode,
  type MappingNode,
  type ScalarNode,
  type YamlNode,
  type YamlPair,
} from "./yaml-node.ts";
import { yamlRoots } from "./yaml-roots.ts";

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
  const roots = yamlRoots(source);
  if (roots === undefined) addSyntaxFaults(source, faults);
  const results: ParsedDocument[] = [];
  for (const node of roots ?? []) {
    const reader = createReader(source, node, faults);
    const root = reader.read(node, []);
    if (root !== undefined) results.push({ root, cleared: reader.cleared });
  }
  return results;
}

function addSyntaxFaults(source: SourceText, faults: Faults): void {
  const composed = composeDocuments(source);
  if ("refused" in composed) {
    const span = source.span(composed.at, composed.at);
    addFault(faults, `the file has ${composed.refused}`, span, { kind: "syntax", data: { file: source.file } });
    return;
  }
  for (const { errors } of composed.documents) {
    for (const error of independentErrors(source, errors)) {
      const span = source.span(error.pos[0], Math.max(error.pos[0], error.pos[1]));
      addFault(faults, error.message, span, { kind: "syntax", data: { file: source.file } });
    }
  }
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

function createReader(source: SourceText, root: YamlNode | undefined, faults: Faults) {
  const cleared: (readonly string[])[] = [];
  const open = new Set<YamlNode>();
  // Resolved in document order: an alias means the last anchor of its name before it.
  const anchors = new Map<string, YamlNode>();
  const targets = new Map<AliasNode, YamlNode>();
  let anchored: ReadonlyMap<string, readonly YamlNode[]> | undefined;
  let nodes = 0;
  let unfolded = 0;
  let depth = 0;
  let refused = false;

  function fault(message: string, span: Span, path: readonly string[]): undefined {
    addFault(faults, message, span, { kind: "syntax", data: { file: source.file }, hides: hiddenAt(path) });
    return undefined;
  }

  function spanOfNode(node: YamlNode | undefined): Span {
    return source.span(node?.start ?? 0, node?.end ?? 0);
  }

  function read(node: YamlNode | undefined, path: readonly string[]): Tree | undefined {
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
    if (node === undefined) return { kind: "scalar", value: null, origin: writtenOrigin(source.span(0, 0)) };
    if (Math.max(path.length, open.size) > maximumDepth)
      return fault(`values are nested more than ${maximumDepth} levels deep`, spanOfNode(node), path);
    remember(node);
    if (node.tag === "!reset") {
      cleared.push(path);
      return undefined;
    }
    if (node.tag === "!override") cleared.push(path);
    if (node.kind === "alias") return readAlias(node, path);
    if (node.kind === "scalar") return readScalar(node, path);
    if (node.kind === "mapping") return readMapping(node, path);
    const items: Tree[] = [];
    for (const [index, item] of node.items.entries()) {
      const value = read(item, [...path, String(index)]);
      if (value !== undefined) items.push(value);
    }
    return list(items, writtenOrigin(spanOfNode(node)));
  }

  function remember(node: YamlNode): void {
    if (depth === 0 && node.anchor !== undefined) anchors.set(node.anchor, node);
  }

  function targetOf(node: AliasNode): YamlNode | undefined {
    const target = targets.get(node) ?? anchors.get(node.name) ?? unvisitedAnchor(node);
    if (target !== undefined) targets.set(node, target);
    return target;
  }

  /** An anchor in a part that `!reset` leaves out, which is not visited. */
  function unvisitedAnchor(node: AliasNode): YamlNode | undefined {
    anchored ??= groupBy(
      listNodes(root).flatMap(({ node: one }) => (one.anchor === undefined ? [] : [one])),
      ({ anchor }) => anchor ?? "",
    );
    return anchored.get(node.name)?.findLast(({ start }) => start < node.start);
  }

  function readAlias(node: AliasNode, path: readonly string[]): Tree | undefined {
    const target = targetOf(node);
    const span = spanOfNode(node);
    if (target === undefined) return fault(`unknown anchor "${node.name}"`, span, path);
    if (open.has(target)) return fault(`anchor "${node.name}" contains itself`, span, path);
    open.add(target);
    depth++;
    const value = read(target, path);
    depth--;
    open.delete(target);
    return value === undefined ? undefined : precededBy(value, { step: "anchor", span });
  }

  function readScalar(node: ScalarNode, path: readonly string[]): Tree | undefined {
    const { text, tag, style } = node;
    const span = spanOfNode(node);
    const value = resolveTagged(tag, text, style === "plain");
    if (value === undefined) return fault(`"${text}" is no ${tag?.replace("tag:yaml.org,2002:", "!!")}`, span, path);
    if (typeof value === "number" && !Number.isFinite(value))
      return fault(`${text} is no number that Compose accepts; put it in quotes`, span, path);
    return scalar(value, writtenOrigin(span), typeof value === "string" ? traceScalar(source, node) : undefined);
  }

  function readMapping(node: MappingNode, path: readonly string[]): Tree | undefined {
    const entries = new Map<string, Entry>();
    const merges: { value: Tree; span: Span }[] = [];
    const lines = new Map<string, number>();
    for (const pair of node.pairs) {
      const key = readKey(pair, path);
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
      const valueNode = pair.value;
      if (key.merges) {
        const value = read(valueNode, path);
        if (value !== undefined) merges.push({ value, span: spanOfNode(valueNode) });
        continue;
      }
      const value = valueNode === undefined ? nullAfter(key.span) : read(valueNode, [...path, key.text]);
      if (value !== undefined) entries.set(key.text, { value, keySpan: key.span });
    }
    for (const merge of merges) applyMerge(entries, merge.value, merge.span, path);
    return mapping(entries, writtenOrigin(spanOfNode(node)));
  }

  function nullAfter(span: Span): Tree {
    return { kind: "scalar", value: null, origin: writtenOrigin(span) };
  }

  function readKey(pair: YamlPair, path: readonly string[]): { text: string; span: Span; merges: boolean } | undefined {
    const written = pair.key;
    if (written !== undefined) remember(written);
    const key = written?.kind === "alias" ? targetOf(written) : written;
    const span = spanOfNode(written ?? pair.value);
    if (key?.kind !== "scalar") return fault("a key must be text", span, path);
    const { text } = key;
    const plain = key.style === "plain";
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
