import type { Origin, OriginLink } from "../core/origin.ts";
import type { OriginIndex, TextPiece } from "./project.ts";
import type { TracedPiece } from "./trace.ts";
import { child, textOf, type Entry, type Mapping, type Tree } from "./tree.ts";

/** Answers where values were written, by walking the trees they stand in. */
export function createOriginIndex(model: Mapping, disabledServices: Mapping): OriginIndex {
  /** The tree at a path, and its entry when a mapping holds it. */
  function find(path: readonly (string | number)[]): { tree: Tree; entry: Entry | undefined } | undefined {
    const [first, second] = path;
    const disabled = first === "services" && child(child(model, "services"), String(second)) === undefined;
    let tree: Tree | undefined = disabled ? disabledServices : model;
    let entry: Entry | undefined;
    for (const key of disabled ? path.slice(1) : path) {
      entry = tree?.kind === "map" ? tree.entries.get(String(key)) : undefined;
      tree = tree?.kind === "list" ? tree.items[Number(key)] : entry?.value;
    }
    return tree === undefined ? undefined : { tree, entry };
  }

  return {
    at: (path) => find(path)?.tree.origin,
    keyAt(path) {
      const entry = find(path)?.entry;
      const key = String(path.at(-1) ?? "");
      return entry?.keyTrace?.(0, key.length)[0]?.links[0]?.span ?? entry?.keySpan;
    },
    slice(path, start, end) {
      const tree = find(path)?.tree;
      if (tree?.kind !== "scalar" || start >= end) return [];
      const stop = Math.min(end, textOf(tree)?.length ?? end);
      const pieces = tree.trace?.(start, stop) ?? [];
      return cover(joinNeighbours(pieces), start, stop, tree.origin);
    },
  };
}

/** Steps that lead to a place as a whole rather than write characters. */
const structural = new Set<OriginLink["step"]>(["merge-key", "anchor", "extends"]);

/** Pieces with the steps that brought the whole value; what no trace knows stands at the value's own place. */
function cover(pieces: readonly TracedPiece[], start: number, end: number, origin: Origin): readonly TextPiece[] {
  const around = origin.chain.filter(({ step }) => structural.has(step));
  const overrides = origin.chain[0]?.step === "override";
  const result: TextPiece[] = [];
  let at = start;
  const fill = (to: number) => {
    if (to > at) result.push({ start: at, end: to, origin: { chain: origin.chain, losers: origin.losers } });
  };
  for (const { start: from, end: to, links } of pieces) {
    fill(from);
    at = to;
    const [first, ...more] = links;
    if (first === undefined) {
      result.push({ start: from, end: to, origin });
      continue;
    }
    const nearest: OriginLink = overrides && first.step === "written" ? { ...first, step: "override" } : first;
    result.push({ start: from, end: to, origin: { chain: [nearest, ...more, ...around], losers: origin.losers } });
  }
  fill(end);
  return result;
}

/** Joins pieces that touch in the text and in the file and came the same way. */
function joinNeighbours(pieces: readonly TracedPiece[]): readonly TracedPiece[] {
  const joined: TracedPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const [before, ...beforeMore] = last?.links ?? [];
    const [own, ...ownMore] = piece.links;
    const touches =
      last !== undefined &&
      before?.span !== undefined &&
      own?.span !== undefined &&
      before.step === own.step &&
      before.span.file === own.span.file &&
      before.span.end === own.span.start &&
      sameLinks(beforeMore, ownMore);
    if (!touches || before?.span === undefined || own?.span === undefined) {
      joined.push(piece);
      continue;
    }
    const span = { ...before.span, end: own.span.end };
    joined[joined.length - 1] = { start: last.start, end: piece.end, links: [{ ...before, span }, ...beforeMore] };
  }
  return joined;
}

function sameLinks(left: readonly OriginLink[], right: readonly OriginLink[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ step, span }, at) => {
      const other = right[at];
      return step === other?.step && span?.file === other.span?.file && span?.start === other?.span?.start;
    })
  );
}
