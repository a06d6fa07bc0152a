import type { Origin, OriginLink } from "../core/origin.ts";
import type { Span } from "../core/span.ts";
import type { Trace } from "./trace.ts";

/** A YAML timestamp: Compose turns an unquoted date into one and prints it in Go's way. */
export interface Timestamp {
  /** As Go's `fmt` prints it: `2024-01-31 00:00:00 +0000 UTC`. */
  readonly text: string;
  /** RFC 3339, as Go's JSON encoder prints it. */
  readonly iso: string;
}

/** An integer is a bigint and a floating-point number a number: Compose treats the two differently. */
export type ScalarValue = string | boolean | null | bigint | number | Timestamp;

export interface Scalar {
  readonly kind: "scalar";
  readonly value: ScalarValue;
  readonly origin: Origin;
  /** Where the characters of a text were written. */
  readonly trace?: Trace | undefined;
}

export interface List {
  readonly kind: "list";
  readonly items: readonly Tree[];
  readonly origin: Origin;
}

export interface Entry {
  readonly value: Tree;
  /** Where the key is written; absent for keys that no file holds. */
  readonly keySpan?: Span | undefined;
  /** Finds the key where `keySpan` holds more than it, e.g. the whole `NAME=VALUE`. */
  readonly keyTrace?: Trace | undefined;
}

export interface Mapping {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly origin: Origin;
}

/** A value of the model with where it came from. Trees are never changed in place. */
export type Tree = Scalar | List | Mapping;

/** Keys from the root; every list item is `[]`. */
export type TreePath = readonly string[];

export const defaultOrigin: Origin = { chain: [{ step: "default" }], losers: [] };

export function writtenOrigin(span: Span): Origin {
  return { chain: [{ step: "written", span }], losers: [] };
}

/** A scalar; `trace` tells where the characters of a text were written. */
export function scalar(value: ScalarValue, origin: Origin, trace?: Trace): Scalar {
  return trace === undefined ? { kind: "scalar", value, origin } : { kind: "scalar", value, origin, trace };
}

export function list(items: readonly Tree[], origin: Origin): List {
  return { kind: "list", items, origin };
}

export function mapping(
  entries: ReadonlyMap<string, Entry> | readonly (readonly [string, Tree])[],
  origin: Origin,
): Mapping {
  if (entries instanceof Map) return { kind: "map", entries, origin };
  const pairs = entries as readonly (readonly [string, Tree])[];
  return { kind: "map", entries: new Map(pairs.map(([key, value]) => [key, { value }])), origin };
}

export const emptyMapping: Mapping = mapping([], defaultOrigin);

/** The tree itself when it is a mapping, else an empty one. */
export function asMapping(tree: Tree): Mapping {
  return tree.kind === "map" ? tree : emptyMapping;
}

/** The value under a key, or undefined when the tree is no mapping or has no such key. */
export function child(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === "map" ? tree.entries.get(key)?.value : undefined;
}

/** Where the characters of a text were written. */
export function traceOf(tree: Tree | undefined): Trace | undefined {
  return tree?.kind === "scalar" ? tree.trace : undefined;
}

/** The text of a string scalar. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === "scalar" && typeof tree.value === "string" ? tree.value : undefined;
}

export function isNull(tree: Tree | undefined): boolean {
  return tree?.kind === "scalar" && tree.value === null;
}

/** The entry with another value, or added. */
export function withEntry(map: Mapping, key: string, value: Tree, keySpan?: Span): Mapping {
  const entries = new Map(map.entries);
  const span = keySpan ?? map.entries.get(key)?.keySpan;
  entries.set(key, span === undefined ? { value } : { value, keySpan: span });
  return { ...map, entries };
}

export function withoutEntry(map: Mapping, key: string): Mapping {
  const entries = new Map(map.entries);
  entries.delete(key);
  return { ...map, entries };
}

/** The place to name when something is wrong with a value. */
export function spanOf(tree: Tree | undefined): Span | undefined {
  return tree?.origin.chain.find((link) => link.span !== undefined)?.span;
}

/** The same value with a link that now decides it, put before the chain it had. */
export function precededBy<T extends Tree>(tree: T, link: OriginLink): T {
  return { ...tree, origin: { ...tree.origin, chain: [link, ...tree.origin.chain] } };
}

/** The winner of an override, keeping what it replaced. */
export function overriding(winner: Tree, loser: Tree): Tree {
  const [first, ...rest] = winner.origin.chain;
  const chain: OriginLink[] =
    first?.step === "written" ? [{ ...first, step: "override" }, ...rest] : [...winner.origin.chain];
  return { ...winner, origin: { chain, losers: [...winner.origin.losers, loser.origin, ...loser.origin.losers] } };
}

/** A text that is the same for values that are the same, ignoring where they came from. */
export function valueKey(tree: Tree): string {
  if (tree.kind === "list") return `[${tree.items.map(valueKey).join(",")}]`;
  if (tree.kind === "map") {
    const keys = [...tree.entries.keys()].toSorted();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${valueKey(tree.entries.get(key)?.value as Tree)}`).join(",")}}`;
  }
  const { value } = tree;
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? `time ${value.text}` : `${typeof value} ${String(value)}`;
}

/** Deep equality of values, ignoring where they came from. */
export function sameValue(left: Tree, right: Tree): boolean {
  if (left.kind === "scalar" && right.kind === "scalar") {
    if (
      typeof left.value === "object" &&
      left.value !== null &&
      typeof right.value === "object" &&
      right.value !== null
    ) {
      return left.value.text === right.value.text;
    }
    return left.value === right.value;
  }
  if (left.kind === "list" && right.kind === "list") {
    return (
      left.items.length === right.items.length &&
      left.items.every((item, at) => sameValue(item, right.items[at] as Tree))
    );
  }
  if (left.kind === "map" && right.kind === "map") {
    if (left.entries.size !== right.entries.size) return false;
    for (const [key, entry] of left.entries) {
      const other = right.entries.get(key);
      if (other === undefined || !sameValue(entry.value, other.value)) return false;
    }
    return true;
  }
  return false;
}
