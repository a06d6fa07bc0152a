import { tracePart } from "./trace.ts";
import { scalar, textOf, traceOf, type Scalar, type Tree } from "./tree.ts";

/** A part of a text as a text of its own; knows its place when it stands at `offset` as it is. */
export function takePart(tree: Tree, part: string, offset: number): Scalar {
  const exact = textOf(tree)?.startsWith(part, offset) ?? false;
  return scalar(part, tree.origin, exact ? tracePart(traceOf(tree), offset) : undefined);
}
