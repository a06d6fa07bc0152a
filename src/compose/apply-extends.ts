import type { OriginLink } from "../core/origin.ts";
import type { Span } from "../core/span.ts";
import { canonicaliseModel } from "./canonical-model.ts";
import { clearPaths } from "./clear-paths.ts";
import { resolvePaths } from "./complete-tree.ts";
import { enforceUnicity } from "./enforce-unicity.ts";
import { addMessage } from "./faults.ts";
import { interpolateTree } from "./interpolate-tree.ts";
import { mergeTrees } from "./merge-trees.ts";
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

interface Extension {
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
  const services = child(model, "services");
  if (services?.kind !== "map") return model;
  if (![...services.entries.values()].some((entry) => child(entry.value, "extends") !== undefined)) return model;
  const place: Extension = { services: new Map(services.entries), file, directory: request.directory, cleared };
  for (const name of services.entries.keys()) extendService(name, place, [], request, context);
  return withEntry(model, "services", mapping(place.services, services.origin));
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
  if (trail.includes(here)) {
    addMessage(
      faults.faults,
      `services extend each other in a circle: ${[...trail.slice(trail.indexOf(here)), here].join(", then ")}`,
      span,
    );
    return undefined;
  }
  const fileName = textOf(child(extended, "file"));
  const from =
    fileName === undefined ? place : openExtended(fileName, spanOf(child(extended, "file")), place, request, context);
  if (from === undefined) return undefined;
  if (!from.services.has(base)) {
    addMessage(faults.faults, `service "${name}" extends "${base}", which is not in ${from.file}`, span);
    return undefined;
  }
  const parent = extendService(base, from, [...trail, here], request, context);
  const own = withoutEntry(service, "extends");
  if (parent?.kind !== "map") {
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

function openExtended(
  fileName: string,
  span: Span | undefined,
  place: Extension,
  request: ModelRequest,
  context: ModelContext,
): Extension | undefined {
  const { faults } = context;
  if (refuseRemote(fileName, "extends", span, faults)) return undefined;
  const file = resolvePath(place.directory, fileName);
  const source = context.reader.read(file, faults, span);
  if (source === "missing") addMessage(faults.faults, `${file} does not exist`, span);
  if (source === undefined || source === "missing") return undefined;
  let model: Mapping = emptyMapping;
  let cleared: readonly (readonly string[])[] = [];
  for (const document of context.reader.parse(source, faults)) {
    if (document.root.kind !== "map") continue;
    cleared = document.cleared;
    const own = interpolateTree(document.root, request.variables, faults);
    const merged = mergeTrees(clearPaths(model, cleared), own, [], faults);
    model = canonicaliseModel(asMapping(enforceUnicity(merged, faults)), faults);
  }
  const directory = parentPath(file);
  const services = child(resolvePaths(model, directory, context.home, faults), "services");
  if (services?.kind !== "map") {
    addMessage(faults.faults, `${file} has no services to extend`, span);
    return undefined;
  }
  return { services: new Map(services.entries), file, directory, cleared };
}

function precedeAll(tree: Tree, link: OriginLink): Tree {
  const marked: Tree = precededBy(tree, link);
  if (marked.kind === "list") return { ...marked, items: marked.items.map((item) => precedeAll(item, link)) };
  if (marked.kind !== "map") return marked;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of marked.entries) entries.set(key, { ...entry, value: precedeAll(entry.value, link) });
  return { ...marked, entries };
}
