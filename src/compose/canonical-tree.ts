import { canonicaliseVolume } from "./canonical-volume.ts";
import { addFault, addWarning, type Faults } from "./faults.ts";
import { canonicalisePorts } from "./canonical-ports.ts";
import { takePart } from "./take-part.ts";
import { createPathTable, stepPath, valueHere, type PathTable } from "./path-table.ts";
import {
  child,
  isNull,
  list,
  mapping,
  scalar,
  spanOf,
  textOf,
  traceOf,
  withEntry,
  type Entry,
  type List,
  type Mapping,
  type Tree,
} from "./tree.ts";

/** Brings one attribute into its long form; undefined leaves a faulty item out. */
type Canonicalise = (tree: Tree, path: readonly string[], faults: Faults) => Tree | undefined;

function leftOut(path: readonly string[]) {
  return { kind: "other", data: { path } } as const;
}

const stringOrList: Canonicalise = (tree) => (textOf(tree) === undefined ? tree : list([tree], tree.origin));

const buildForm: Canonicalise = (tree, path, faults) =>
  tree.kind === "map" ? visitEntries(tree, tablesAt(path), path, faults) : mapping([["context", tree]], tree.origin);

const namesToMap: Canonicalise = (tree) =>
  tree.kind === "list" ? mapByName(tree, (item) => scalar(null, item.origin)) : tree;

/** A list of names as a mapping; the items are its keys. */
function mapByName(tree: List, valueOf: (item: Tree) => Tree): Mapping {
  const entries = new Map<string, Entry>();
  for (const item of tree.items)
    entries.set(textOf(item) ?? "", { value: valueOf(item), keySpan: spanOf(item), keyTrace: traceOf(item) });
  return mapping(entries, tree.origin);
}

const dependsOn: Canonicalise = (tree) => {
  if (tree.kind === "list") return mapByName(tree, (item) => completeDependency(mapping([], item.origin)));
  if (tree.kind !== "map") return tree;
  const entries = new Map<string, Entry>();
  for (const [name, entry] of tree.entries) {
    entries.set(name, entry.value.kind === "map" ? { ...entry, value: completeDependency(entry.value) } : entry);
  }
  return mapping(entries, tree.origin);
};

function completeDependency(tree: Mapping): Mapping {
  const conditioned = tree.entries.has("condition")
    ? tree
    : withEntry(tree, "condition", scalar("service_started", tree.origin));
  return conditioned.entries.has("required")
    ? conditioned
    : withEntry(conditioned, "required", scalar(true, tree.origin));
}

const envFile: Canonicalise = (tree) => {
  const items = tree.kind === "list" ? tree.items : [tree];
  return list(
    items.map((item) => {
      const long = item.kind === "map" ? item : mapping([["path", item]], item.origin);
      return long.entries.has("required") ? long : withEntry(long, "required", scalar(true, long.origin));
    }),
    tree.origin,
  );
};

const fileMount: Canonicalise = (tree) => (tree.kind === "map" ? tree : mapping([["source", tree]], tree.origin));

const device: Canonicalise = (tree, path, faults) => {
  const text = textOf(tree);
  if (text === undefined) return tree;
  const [source = "", target = source, permissions = "rwm", ...more] = text.split(":");
  if (more.length > 0) {
    addFault(
      faults,
      `${path.join(".")}: "${text}" has too many colons; use the long form`,
      spanOf(tree),
      leftOut(path),
    );
    return undefined;
  }
  const { origin } = tree;
  return mapping(
    [
      ["source", scalar(source, origin)],
      ["target", scalar(target === "" ? source : target, origin)],
      ["permissions", scalar(permissions, origin)],
    ],
    origin,
  );
};

const ulimit: Canonicalise = (tree, path, faults) => {
  if (tree.kind === "map" || (tree.kind === "scalar" && typeof tree.value === "bigint")) return tree;
  addFault(faults, `${path.join(".")} must be an integer or a mapping`, spanOf(tree), leftOut(path));
  return undefined;
};

const gpus: Canonicalise = (tree) =>
  textOf(tree) === undefined
    ? tree
    : list([mapping([["count", scalar("all", tree.origin)]], tree.origin)], tree.origin);

const keyValues: Canonicalise = (tree, path, faults) => {
  if (tree.kind !== "list") return tree;
  const pairs: [string, Tree][] = [];
  for (const item of tree.items) {
    const text = textOf(item) ?? "";
    const split = text.indexOf("=");
    if (split === -1) addFault(faults, `${path.join(".")}: "${text}" must be NAME=VALUE`, spanOf(item), leftOut(path));
    else pairs.push([text.slice(0, split), takePart(item, text.slice(split + 1), split + 1)]);
  }
  return mapping(pairs, tree.origin);
};

const ssh: Canonicalise = (tree, path, faults) => {
  if (tree.kind !== "list") return tree;
  const pairs: [string, Tree][] = [];
  for (const item of tree.items) {
    const text = textOf(item) ?? "";
    const split = text.indexOf("=");
    if (split !== -1) pairs.push([text.slice(0, split), scalar(text.slice(split + 1), item.origin)]);
    else if (text === "default") pairs.push([text, scalar(null, item.origin)]);
    else addFault(faults, `${path.join(".")}: invalid ssh key "${text}"`, spanOf(item), leftOut(path));
  }
  return mapping(pairs, tree.origin);
};

const schedule: Canonicalise = (tree) => (tree.kind === "map" ? tree : mapping([["cron", tree]], tree.origin));

const booleanToText: Canonicalise = (tree) =>
  tree.kind === "scalar" && typeof tree.value === "boolean" ? { ...tree, value: String(tree.value) } : tree;

const external: Canonicalise = (tree, path, faults) => {
  if (tree.kind !== "map") return tree;
  const outer = child(tree, "external");
  if (outer?.kind !== "map") return tree;
  const marked = withEntry(tree, "external", scalar(true, outer.origin));
  const name = child(outer, "name");
  if (name === undefined) return marked;
  addWarning(
    faults,
    `${path.join(".")}: external.name is deprecated; write "name:" and "external: true"`,
    spanOf(name),
  );
  const own = textOf(child(tree, "name"));
  if (own === undefined) return withEntry(marked, "name", name);
  if (own !== textOf(name))
    addFault(faults, `${path.join(".")}: name and external.name differ; keep name`, spanOf(name));
  return marked;
};

const containerForms: readonly (readonly [string, Canonicalise])[] = [
  ["env_file", envFile],
  ["label_file", stringOrList],
  ["gpus", gpus],
  ["networks", namesToMap],
  ["models", namesToMap],
  ["volumes.*", canonicaliseVolume],
  ["dns", stringOrList],
  ["devices.*", device],
  ["secrets.*", fileMount],
  ["configs.*", fileMount],
  ["ulimits.*", ulimit],
];

const workloadForms: readonly (readonly [string, Canonicalise])[] = [
  ["build", buildForm],
  ["build.secrets.*", fileMount],
  ["build.provenance", booleanToText],
  ["build.sbom", booleanToText],
  ["build.additional_contexts", keyValues],
  ["build.ssh", ssh],
  ["build.ulimits.*", ulimit],
  ["depends_on", dependsOn],
  ["ports", canonicalisePorts],
];

const forms: PathTable<Canonicalise> = createPathTable<Canonicalise>([
  ...containerForms.flatMap(([path, form]) => [
    [`services.*.${path}`, form] as const,
    [`jobs.*.${path}`, form] as const,
    [`services.*.pre_start.*.${path}`, form] as const,
  ]),
  ...workloadForms.flatMap(([path, form]) => [
    [`services.*.${path}`, form] as const,
    [`jobs.*.${path}`, form] as const,
  ]),
  ["services.*.develop.watch.*.ignore", stringOrList],
  ["services.*.develop.watch.*.include", stringOrList],
  ["jobs.*.triggers.schedule.*", schedule],
  ["volumes.*", external],
  ["networks.*", external],
  ["secrets.*", external],
  ["configs.*", external],
]);

/**
 * Brings a schema-valid model into Compose's canonical form: short ports, volumes, secrets, depends_on, build, env_file
 * and the like become long ones. A faulty item is reported and left out. Source: compose-go transform/.
 */
export function canonicaliseTree(tree: Tree, faults: Faults): Tree {
  return visit(tree, [forms], [], faults) ?? tree;
}

function tablesAt(path: readonly string[]): readonly PathTable<Canonicalise>[] {
  let tables: readonly PathTable<Canonicalise>[] = [forms];
  for (const key of path) tables = stepPath(tables, key);
  return tables;
}

function visit(
  tree: Tree,
  tables: readonly PathTable<Canonicalise>[],
  path: readonly string[],
  faults: Faults,
): Tree | undefined {
  if (tables.length === 0) return tree;
  const form = valueHere(tables);
  if (form !== undefined) return isNull(tree) ? tree : form(tree, path, faults);
  if (tree.kind === "map") return visitEntries(tree, tables, path, faults);
  if (tree.kind === "scalar") return tree;
  const items: Tree[] = [];
  for (const item of tree.items) {
    const value = visit(item, stepPath(tables, "[]"), [...path, "[]"], faults);
    if (value !== undefined) items.push(value);
  }
  return list(items, tree.origin);
}

function visitEntries(
  tree: Mapping,
  tables: readonly PathTable<Canonicalise>[],
  path: readonly string[],
  faults: Faults,
): Mapping {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of tree.entries) {
    const below = stepPath(tables, key);
    if (below.length === 0) {
      entries.set(key, entry);
      continue;
    }
    const value = visit(entry.value, below, [...path, key], faults);
    if (value !== undefined) entries.set(key, { ...entry, value });
  }
  return mapping(entries, tree.origin);
}
