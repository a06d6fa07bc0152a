import { isAlias, isMap, isPair, isScalar, isSeq, type Node } from "yaml";

/** How a scalar is written. */
export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

interface Placed {
  /** UTF-16, end exclusive; a block's end is behind the line break of its last line. */
  readonly start: number;
  readonly end: number;
  readonly anchor?: string | undefined;
  readonly tag?: string | undefined;
}

export interface ScalarNode extends Placed {
  readonly kind: "scalar";
  readonly style: ScalarStyle;
  /** Decoded, and nothing resolved: `yes` and `0x1F` are the texts. */
  readonly text: string;
}

export interface SequenceNode extends Placed {
  readonly kind: "sequence";
  readonly items: readonly (YamlNode | undefined)[];
}

export interface YamlPair {
  /** Absent where a parser that carries on after faults found none. */
  readonly key: YamlNode | undefined;
  readonly value: YamlNode | undefined;
}

export interface MappingNode extends Placed {
  readonly kind: "mapping";
  readonly pairs: readonly YamlPair[];
}

export interface AliasNode extends Placed {
  readonly kind: "alias";
  readonly name: string;
}

/** A value as it is written in a YAML file. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode;

/** The same without the rest of what the `yaml` package knows. */
export function toYamlNode(node: Node | null): YamlNode | undefined {
  if (node === null) return undefined;
  const [start, end] = node.range ?? [0, 0];
  const place = { start, end: Math.max(start, end), tag: node.tag };
  if (isAlias(node)) return { kind: "alias", name: node.source, ...place };
  const anchored = { ...place, anchor: node.anchor };
  if (isMap(node)) {
    const pairs = node.items.filter(isPair).map(({ key, value }) => ({
      key: toYamlNode(key as Node | null),
      value: toYamlNode(value as Node | null),
    }));
    return { kind: "mapping", pairs, ...anchored };
  }
  if (isSeq(node)) return { kind: "sequence", items: node.items.map((item) => toYamlNode(item as Node)), ...anchored };
  if (!isScalar(node)) return undefined;
  return {
    kind: "scalar",
    style: styleOf(node.type),
    text: typeof node.value === "string" ? node.value : (node.source ?? ""),
    ...anchored,
  };
}

export interface PlacedNode {
  readonly node: YamlNode;
  /** The pair that it is the value of. */
  readonly pair: YamlPair | undefined;
}

/** Every node in document order. */
export function listNodes(root: YamlNode | undefined): readonly PlacedNode[] {
  const found: PlacedNode[] = [];
  add(root, undefined);
  return found;

  function add(node: YamlNode | undefined, pair: YamlPair | undefined): void {
    if (node === undefined) return;
    found.push({ node, pair });
    if (node.kind === "sequence") for (const item of node.items) add(item, undefined);
    if (node.kind !== "mapping") return;
    for (const inner of node.pairs) {
      add(inner.key, undefined);
      add(inner.value, inner);
    }
  }
}

function styleOf(type: string | undefined): ScalarStyle {
  switch (type) {
    case "BLOCK_LITERAL":
      return "literal";
    case "BLOCK_FOLDED":
      return "folded";
    case "QUOTE_SINGLE":
      return "single";
    case "QUOTE_DOUBLE":
      return "double";
    default:
      return "plain";
  }
}
