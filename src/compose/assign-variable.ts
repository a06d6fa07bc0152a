import type { Variable } from "./interpolate-tree.ts";
import { traceJoined } from "./trace.ts";
import { scalar, traceOf, type Tree } from "./tree.ts";

/** `NAME=VALUE` of a list item that only names a variable. */
export function assignVariable(item: Tree, name: string, variable: Variable): Tree {
  const origin = { chain: [...item.origin.chain, variable.link], losers: item.origin.losers };
  const trace = traceJoined([
    { length: name.length, trace: traceOf(item) },
    { length: 1, trace: undefined },
    { length: variable.value.length, trace: variable.trace },
  ]);
  return scalar(`${name}=${variable.value}`, origin, trace);
}
