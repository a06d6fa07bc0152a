import { isMap, isNode, isScalar, isSeq, visit, type Node } from "yaml";
import { decodeSource } from "../compose/source-text.ts";
import type { Span } from "../core/span.ts";
import { parseYamlFile } from "../edit/yaml-file.ts";
import { isMergePair, keyOf, mergeSources, pairsOf } from "../edit/node-pairs.ts";
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
  for (const document of source === undefined ? [] : parseYamlFile(source)) {
    let found: Node | undefined;
    let key: Span | undefined;
    visit(document.root, {
      Pair(_at, { key: written, value }) {
        const start = isMap(value) || isSeq(value) ? value.range?.[0] : undefined;
        if (start === undefined || document.source.span(start, start).start !== span.start) return undefined;
        found = value as Node;
        const range = isNode(written) ? written.range : undefined;
        key = range ? document.source.span(range[0], range[1]) : undefined;
        return visit.BREAK;
      },
    });
    if (found === undefined) continue;
    const { anchor } = found;
    const newline = document.style.newline;
    if (isSeq(found)) {
      const names = found.items.flatMap((item) =>
        isScalar(item) && typeof item.value === "string" ? (item.value.split("=", 1)[0] ?? []) : [],
      );
      return { names, anchor, form: "list", merges: false, newline, key };
    }
    if (!isMap(found)) return undefined;
    const maps = [found, ...mergeSources(document, found)];
    const names = maps.flatMap((map) => pairsOf(map).flatMap((pair) => (isMergePair(pair) ? [] : (keyOf(pair) ?? []))));
    const form = found.flow === true ? "flow" : "block";
    return { names: [...new Set(names)], anchor, form, merges: pairsOf(found).some(isMergePair), newline, key };
  }
  return undefined;
}
