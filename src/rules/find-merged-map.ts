import { decodeSource } from "../compose/source-text.ts";
import { listNodes, type MappingNode, type YamlNode, type YamlPair } from "../compose/yaml-node.ts";
import { yamlRoots } from "../compose/yaml-roots.ts";
import type { Span } from "../core/span.ts";
import type { Sources } from "../ports/sources.ts";

/** A mapping (or an `environment` in list form) as it stands in a file. */
export interface MergedMap {
  /** Names it gives, those of its own `<<` included. */
  readonly names: readonly string[];
  readonly anchor: string | undefined;
  readonly form: "block" | "flow" | "list";
  /** It has a `<<` itself. */
  readonly merges: boolean;
  readonly newline: string;
  /** The key it stands under. */
  readonly key: Span | undefined;
}

/** Reads the mapping or list whose text starts where `span` starts. Undefined when none does. */
export function findMergedMap(sources: Sources, span: Span): MergedMap | undefined {
  const read = sources.read(span.file);
  const source = read.kind === "file" ? decodeSource(span.file, read.bytes) : undefined;
  if (source === undefined) return undefined;
  const newline = /\r?\n/.exec(source.text)?.[0] === "\r\n" ? "\r\n" : "\n";
  for (const root of yamlRoots(source) ?? []) {
    const nodes = listNodes(root);
    for (const { node, pair } of nodes) {
      if (pair?.key === undefined || (node.kind !== "mapping" && node.kind !== "sequence")) continue;
      if (source.span(node.start, node.start).start !== span.start) continue;
      const written = { anchor: node.anchor, newline, key: source.span(pair.key.start, pair.key.end) };
      if (node.kind === "sequence") {
        const names = node.items.flatMap((item) => (item?.kind === "scalar" ? (item.text.split("=", 1)[0] ?? []) : []));
        return { ...written, names, form: "list", merges: false };
      }
      const anchored = nodes.map(({ node: one }) => one);
      const maps = [node, ...mergedInto(node, anchored)];
      const names = maps.flatMap(({ pairs }) => pairs.flatMap((one) => (isMerge(one) ? [] : (keyOf(one) ?? []))));
      const form = source.text[node.start] === "{" ? "flow" : "block";
      return { ...written, names: [...new Set(names)], form, merges: node.pairs.some(isMerge) };
    }
  }
  return undefined;
}

/** The mappings that `<<` of a mapping names. */
function mergedInto({ pairs }: MappingNode, nodes: readonly YamlNode[]): readonly MappingNode[] {
  const resolve = (node: YamlNode | undefined): YamlNode | undefined =>
    node?.kind === "alias" ? nodes.findLast(({ anchor, start }) => anchor === node.name && start < node.start) : node;
  return pairs.filter(isMerge).flatMap(({ value }) => {
    const named = resolve(value);
    const parts = named?.kind === "sequence" ? named.items.map(resolve) : [named];
    return parts.filter((part) => part?.kind === "mapping");
  });
}

function isMerge({ key }: YamlPair): boolean {
  return key?.kind === "scalar" && key.style === "plain" && key.text === "<<";
}

function keyOf({ key }: YamlPair): string | undefined {
  return key?.kind === "scalar" ? key.text : undefined;
}
