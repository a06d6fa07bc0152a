import type { OriginLink } from "../core/origin.ts";
import { canonicaliseModel } from "./canonical-model.ts";
import { clearPaths } from "./clear-paths.ts";
import { resolvePaths } from "./complete-tree.ts";
import { enforceUnicity } from "./enforce-unicity.ts";
import { addFault } from "./faults.ts";
import { interpolateTree } from "./interpolate-tree.ts";
import { spendLimit } from "./limits.ts";
import { mergeTrees } from "./merge-trees.ts";
import { promoteAliases } from "./promote-aliases.ts";
import type { ModelContext, ModelRequest } from "./model-request.ts";
import { parentPath, resolvePath } from "./paths.ts";
import { refuseRemote } from "./refuse-remote.ts";
import {
  asMapping,
  child,
  defaultOrigin,
  emptyMapping,
  mapping,
  precededBy,
  spanOf,
  textOf,
  withEntry,
  withoutEntry,
  type Entry,
  type Mapping,
  type Tree,
} from "./tree.ts";

/** Longer than any chain that people write; each step is a call of our own. */
const maximumDepth = 100;

/** A file whose services are extended. */
export interface Extension {
  readonly services: Map<string, Entry>;
  readonly file: string;
  readonly directory: string;
  readonly cleared: readonly (readonly string[])[];
}

/**
 * Replaces `extends` by what it brings: the base service, from this file or another, with the service merged over it.
 * Paths of another file resolve from that file. Source: compose-go loader/extends.go.
 */
export function applyExtends(
  model: Mapping,
  file: string,
  cleared: readonly (readonly string[])[],
  request: ModelRequest,
  context: ModelContext,
): Mapping {
  let result = model;
  for (const kind of ["services", "jobs"]) {
    const services = child(model, kind);
    if (services?.kind !== "map") continue;
    if (![...services.entries.values()].some((entry) => child(entry.value, "extends") !== undefined)) continue;
    const place: Extension = { services: new Map(services.entries), file, directory: request.directory, cleared };
    for (const name of services.entries.keys()) extendService(name, place, [], request, context);
    result = withEntry(result, kind, mapping(place.services, services.origin));
  }
  return result;
}

function extendService(
  name: string,
  place: Extension,
  trail: readonly string[],
  request: ModelRequest,
  context: ModelContext,
): Tree | undefined {
  const { faults } = context;
  const entry = place.services.get(name);
  const service = entry?.value;
  const extended = child(service, "extends");
  if (entry === undefined || service?.kind !== "map" || extended === undefined) return service;
  const base = textOf(extended) ?? textOf(child(extended, "service"));
  if (base === undefined) return service;
  const here = `${name} in ${place.file}`;
  const span = spanOf(extended);
  if (trail.length > maximumDepth) {
    addFault(faults, `services extend each other more than ${maximumDepth} times in a row`, span, {
      kind: "extends",
      data: { service: name, base, file: place.file },
      hides: [{ service: name }],
    });
    return undefined;
  }
  if (trail.includes(here)) {
    addFault(
      faults,
      `services extend each other in a circle: ${[...trail.slice(trail.indexOf(here)), here].join(", then ")}`,
      span,
      { kind: "extends", data: { service: name, base, file: place.file }, hides: [{ service: name }] },
    );
    return undefined;
  }
  const own = withoutEntry(service, "extends");
  const parent = findBase(name, base, extended, place, [...trail, here], request, context);
  const isAffordable = parent === undefined || spendLimit(faults, "values through extends", countValues(parent), span);
  faults.bases.set(name, (faults.bases.get(name) ?? new Set()).add(base));
  if (parent?.kind !== "map" || !isAffordable) {
    place.services.set(name, { ...entry, value: own });
    return own;
  }
  const inherited = precedeAll(parent, span === undefined ? { step: "extends" } : { step: "extends", span });
  const whole = mapping([["services", mapping([[name, inherited]], defaultOrigin)]], defaultOrigin);
  const kept = child(child(clearPaths(whole, place.cleared), "services"), name);
  const merged = kept === undefined ? own : mergeTrees(kept, own, ["services", name], faults);
  place.services.set(name, { ...entry, value: merged });
  return merged;
}

/** The extended service with what it extends itself; undefined after a fault. */
function findBase(
  name: string,
  base: string,
  extended: Tree,
  place: Extension,
  trail: readonly string[],
  request: ModelRequest,
  context: ModelContext,
): Tree | undefined {
  const fileName = child(extended, "file");
  const from = textOf(fileName) === undefined ? place : openExtended(name, fileName as Tree, place, request, context);
  if (from === undefined) return undefined;
  if (from.services.has(base)) return extendService(base, from, trail, request, context);
  addFault(context.faults, `service "${name}" extends "${base}", which is not in ${from.file}`, spanOf(extended), {
    kind: "extends",
    data: { service: name, base, file: from.file },
    hides: [{ service: name }],
  });
  return undefined;
}

function openExtended(
  service: string,
  fileName: Tree,
  place: Extension,
  request: ModelRequest,
  context: ModelContext,
): Extension | undefined {
  const { faults } = context;
  const span = spanOf(fileName);
  const path = textOf(fileName) ?? "";
  if (refuseRemote({ path, what: "extends", service }, span, faults)) return undefined;
  const file = resolvePath(place.directory, path);
  const known = context.extended.get(request.variables) ?? new Map<string, Extension>();
  context.extended.set(request.variables, known);
  const before = known.get(file);
  if (before !== undefined) return before;
  const hides = [{ service }];
  const source = context.reader.read(file, faults, span, hides);
  if (source === "missing")
    addFault(faults, `${file} does not exist`, span, { kind: "extends", data: { service, file }, hides });
  if (source === undefined || source === "missing") return undefined;
  let model: Mapping = emptyMapping;
  let cleared: readonly (readonly string[])[] = [];
  for (const document of context.reader.parse(source, faults, hides)) {
    if (document.root.kind !== "map") continue;
    cleared = document.cleared;
    const own = promoteAliases(interpolateTree(document.root, request.variables, faults), faults);
    const merged = mergeTrees(clearPaths(model, cleared), own, [], faults);
    model = canonicaliseModel(asMapping(enforceUnicity(merged, faults)), faults);
  }
  const directory = parentPath(file);
  const services = child(resolvePaths(model, directory, context.home, faults), "services");
  if (services?.kind !== "map") {
    addFault(faults, `${file} has no services to extend`, span, { kind: "extends", data: { service, file }, hides });
    return undefined;
  }
  const opened = { services: new Map(services.entries), file, directory, cleared };
  known.set(file, opened);
  return opened;
}

function countValues(tree: Tree): number {
  let count = 1;
  if (tree.kind === "list") for (const item of tree.items) count += countValues(item);
  else if (tree.kind === "map") for (const { value } of tree.entries.values()) count += countValues(value);
  return count;
}

function precedeAll(tree: Tree, link: OriginLink): Tree {
  const marked: Tree = precededBy(tree, link);
  if (marked.kind === "list") return { ...marked, items: marked.items.map((item) => precedeAll(item, link)) };
  if (marked.kind !== "map") return marked;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of marked.entries) entries.set(key, { ...entry, value: precedeAll(entry.value, link) });
  return { ...marked, entries };
}
