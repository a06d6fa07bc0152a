import type { Origin } from "../core/origin.ts";
import { addFault, type Faults } from "./faults.ts";
import { formatScalar } from "./format-scalar.ts";
import { createPathTable, stepPath, valueHere, type PathTable } from "./path-table.ts";
import { traceJoined, type Trace } from "./trace.ts";
import { uniqueByKeyValue } from "./enforce-unicity.ts";
import {
  child,
  isNull,
  list,
  mapping,
  overriding,
  sameValue,
  scalar,
  spanOf,
  textOf,
  traceOf,
  valueKey,
  type Entry,
  type List,
  type Mapping,
  type Scalar,
  type Tree,
} from "./tree.ts";

type Rule =
  | "replace"
  | "key-values"
  | "sequence"
  | "build"
  | "depends-on"
  | "names"
  | "logging"
  | "ulimit"
  | "ipam-config";

/** Of services and jobs. */
const workloadRules: readonly (readonly [string, Rule])[] = [
  ["annotations", "key-values"],
  ["build", "build"],
  ["build.args", "key-values"],
  ["build.additional_contexts", "key-values"],
  ["build.extra_hosts", "sequence"],
  ["build.labels", "key-values"],
  ["command", "replace"],
  ["depends_on", "depends-on"],
  ["dns", "sequence"],
  ["dns_opt", "sequence"],
  ["dns_search", "sequence"],
  ["entrypoint", "replace"],
  ["env_file", "sequence"],
  ["label_file", "sequence"],
  ["environment", "key-values"],
  ["extra_hosts", "sequence"],
  ["healthcheck.test", "replace"],
  ["labels", "key-values"],
  ["volumes.*.volume.labels", "key-values"],
  ["logging", "logging"],
  ["models", "names"],
  ["networks", "names"],
  ["sysctls", "key-values"],
  ["tmpfs", "sequence"],
  ["ulimits.*", "ulimit"],
];

const rules: PathTable<Rule> = createPathTable<Rule>([
  ["networks.*.ipam.config", "ipam-config"],
  ["networks.*.labels", "key-values"],
  ["volumes.*.labels", "key-values"],
  ["secrets.*.labels", "key-values"],
  ["configs.*.labels", "key-values"],
  ["services.*.deploy.labels", "key-values"],
  ...workloadRules.flatMap(([path, rule]) => [
    [`services.*.${path}`, rule] as const,
    [`jobs.*.${path}`, rule] as const,
  ]),
]);

/**
 * Merges a later model over an earlier one: mappings by key, lists appended without repeating equal items, scalars
 * replaced, and the exceptions of Compose's own table. One table serves several files, `extends` and `include`.
 * Source: compose-go override/merge.go.
 *
 * @param at where the two stand in the model; empty for whole models
 */
export function mergeTrees(base: Tree, over: Tree, at: readonly string[], faults: Faults): Tree {
  let tables: readonly PathTable<Rule>[] = [rules];
  for (const key of at) tables = stepPath(tables, key);
  return merge(base, over, tables, at, faults);
}

function merge(
  base: Tree,
  over: Tree,
  tables: readonly PathTable<Rule>[],
  path: readonly string[],
  faults: Faults,
): Tree {
  const rule = valueHere(tables);
  if (rule !== undefined) return mergeByRule(rule, base, over, tables, path, faults);
  if (isNull(over)) return base;
  if (base.kind === "map") {
    return over.kind === "map" ? mergeMappings(base, over, tables, path, faults) : refuse(base, over, path, faults);
  }
  if (base.kind === "list") {
    return over.kind === "list" ? append(base, over) : refuse(base, over, path, faults);
  }
  return overriding(over, base);
}

function refuse(base: Tree, over: Tree, path: readonly string[], faults: Faults): Tree {
  const kind = (tree: Tree) => (tree.kind === "map" ? "a mapping" : tree.kind === "list" ? "a list" : "a plain value");
  addFault(faults, `${path.join(".")} is ${kind(base)} and cannot be overridden by ${kind(over)}`, spanOf(over), {
    kind: "schema",
    data: { path },
  });
  return base;
}

function mergeMappings(
  base: Mapping,
  over: Mapping,
  tables: readonly PathTable<Rule>[],
  path: readonly string[],
  faults: Faults,
): Mapping {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const own = entries.get(key);
    if (own === undefined) {
      entries.set(key, entry);
      continue;
    }
    const value = merge(own.value, entry.value, stepPath(tables, key), [...path, key], faults);
    entries.set(key, { ...(entry.keySpan === undefined ? own : entry), value });
  }
  return mapping(entries, over.origin);
}

function mergeByRule(
  rule: Rule,
  base: Tree,
  over: Tree,
  tables: readonly PathTable<Rule>[],
  path: readonly string[],
  faults: Faults,
): Tree {
  switch (rule) {
    case "replace":
      return overriding(over, base);
    case "key-values":
      return uniqueByKeyValue(list([...toSequence(base), ...toSequence(over)], over.origin), path, faults);
    case "sequence":
      return append(list(toSequence(base), base.origin), list(toSequence(over), over.origin));
    case "build":
      return mergeMappings(toBuild(base), toBuild(over), tables, path, faults);
    case "depends-on":
    case "names": {
      const left = toNamed(base, rule, path, faults);
      const right = toNamed(over, rule, path, faults);
      return mergeMappings(left, right, tables, path, faults);
    }
    case "logging": {
      if (base.kind !== "map" || over.kind !== "map") return refuse(base, over, path, faults);
      const before = child(base, "driver");
      const after = child(over, "driver");
      const merges = before === undefined || after === undefined || sameValue(before, after);
      return merges ? mergeMappings(base, over, tables, path, faults) : overriding(over, base);
    }
    case "ulimit":
      return base.kind === "map" && over.kind === "map"
        ? mergeMappings(base, over, tables, path, faults)
        : overriding(over, base);
    case "ipam-config":
      return mergeIpamConfig(base, over, tables, path, faults);
    default:
      return rule satisfies never;
  }
}

/** A mapping as `KEY=VALUE` items in key order, a text as one item. */
export function toSequence(tree: Tree): readonly Tree[] {
  if (tree.kind === "list") return tree.items;
  if (tree.kind === "scalar") return typeof tree.value === "string" ? [tree] : [];
  const items: { readonly text: string; readonly item: Scalar }[] = [];
  for (const [key, entry] of tree.entries) {
    for (const value of entry.value.kind === "list" ? entry.value.items : [entry.value]) {
      const text = isNull(value) ? undefined : value.kind === "scalar" ? formatScalar(value.value) : "";
      const item = toAssignment(key, text, value, entry);
      items.push({ text: textOf(item) ?? "", item });
    }
  }
  items.sort((left, right) => (left.text < right.text ? -1 : left.text > right.text ? 1 : 0));
  return items.map(({ item }) => item);
}

/** `KEY=VALUE`, or `KEY` without a value. */
function toAssignment(key: string, text: string | undefined, value: Tree, { keySpan }: Entry): Scalar {
  const written: Trace | undefined =
    keySpan && ((start, end) => [{ start, end, links: [{ step: "written", span: keySpan }] }]);
  if (text === undefined) return scalar(key, value.origin, written);
  const trace = traceJoined([
    { length: key.length, trace: written },
    { length: 1, trace: undefined },
    { length: text.length, trace: traceOf(value) },
  ]);
  return scalar(`${key}=${text}`, value.origin, trace);
}

function append(base: List, over: List): List {
  const items = [...base.items];
  const known = new Set(items.map(valueKey));
  for (const item of over.items) {
    const key = valueKey(item);
    if (!known.has(key)) items.push(item);
    known.add(key);
  }
  return list(items, over.origin);
}

function toBuild(tree: Tree): Mapping {
  if (tree.kind === "map") return tree;
  return textOf(tree) === undefined ? mapping([], tree.origin) : mapping([["context", tree]], tree.origin);
}

function toNamed(tree: Tree, rule: "depends-on" | "names", path: readonly string[], faults: Faults): Mapping {
  if (tree.kind === "map") return tree;
  if (isNull(tree)) return mapping([], tree.origin);
  const value = (origin: Origin): Tree =>
    rule === "names"
      ? scalar(null, origin)
      : mapping(
          [
            ["condition", scalar("service_started", origin)],
            ["required", scalar(true, origin)],
          ],
          origin,
        );
  const named = tree.kind === "scalar" ? [tree] : tree.items;
  const entries = new Map<string, Entry>();
  for (const item of named) {
    const name = textOf(item);
    if (name === undefined)
      addFault(faults, `${path.join(".")} needs names`, spanOf(item), { kind: "schema", data: { path } });
    else entries.set(name, { value: value(item.origin), keySpan: spanOf(item), keyTrace: traceOf(item) });
  }
  return mapping(entries, tree.origin);
}

function mergeIpamConfig(
  base: Tree,
  over: Tree,
  tables: readonly PathTable<Rule>[],
  path: readonly string[],
  faults: Faults,
): Tree {
  if (base.kind !== "list" || over.kind !== "list") return refuse(base, over, path, faults);
  const pools: Mapping[] = [];
  const subnet = (pool: Tree) => textOf(child(pool, "subnet"));
  for (const original of base.items) {
    for (const override of over.items) {
      if (original.kind !== "map" || override.kind !== "map") continue;
      if (subnet(override) !== subnet(original) && !pools.some((pool) => subnet(pool) === subnet(override))) {
        pools.push(override);
        continue;
      }
      const merged = mergeMappings(original, override, stepPath(tables, "[]"), path, faults);
      const known = pools.findIndex((pool) => subnet(pool) === subnet(merged));
      if (known === -1) pools.push(merged);
      else pools[known] = merged;
    }
  }
  return list(pools, over.origin);
}
