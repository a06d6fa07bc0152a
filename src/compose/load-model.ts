import type { OriginLink } from "../core/origin.ts";
import type { Span } from "../core/span.ts";
import { canonicaliseTree } from "./canonical-tree.ts";
import { clearPaths } from "./clear-paths.ts";
import { completeTree, resolveEnvironmentLists, resolvePaths } from "./complete-tree.ts";
import { enforceUnicity } from "./enforce-unicity.ts";
import { addMessage, type Faults } from "./faults.ts";
import type { FileReader } from "./file-reader.ts";
import { interpolateTree, type Variables } from "./interpolate-tree.ts";
import { loadVariables } from "./load-variables.ts";
import { mergeTrees } from "./merge-trees.ts";
import { parseYaml } from "./parse-yaml.ts";
import { parentPath, resolvePath } from "./paths.ts";
import {
  child,
  defaultOrigin,
  isNull,
  list,
  mapping,
  precededBy,
  sameValue,
  spanOf,
  textOf,
  withEntry,
  withoutEntry,
  type Entry,
  type Mapping,
  type Tree,
} from "./tree.ts";
import { validateTree } from "./validate-tree.ts";

/** What every file of one load shares. */
export interface ModelContext {
  readonly reader: FileReader;
  readonly faults: Faults;
  readonly home: string | undefined;
}

/** Files that are merged into one model, with the directory and variables they see. */
export interface ModelRequest {
  readonly files: readonly string[];
  readonly directory: string;
  readonly variables: Variables;
  /** Files whose `include` led here. */
  readonly includedBy: readonly string[];
}

const emptyModel = mapping([], defaultOrigin);

/**
 * Loads files into one canonical model with absolute paths: per document parse, interpolate, include, reset, extend,
 * merge, check, canonicalise; then once defaults and paths. What is wrong goes to the faults, and the rest of the files
 * is still read for more. Source: compose-go loader/loader.go.
 */
export function loadModel(request: ModelRequest, context: ModelContext): Mapping {
  let model: Mapping = emptyModel;
  for (const file of request.files) model = loadFile(file, model, request, context);
  if (context.faults.faults.length > 0) return model;
  const complete = completeTree(model, context.faults);
  const located = resolvePaths(complete, request.directory, context.home, context.faults);
  return asMapping(resolveEnvironmentLists(located, request.variables, context.faults));
}

function loadFile(file: string, before: Mapping, request: ModelRequest, context: ModelContext): Mapping {
  const { faults } = context;
  const source = context.reader.read(file, faults);
  if (source === "missing") addMessage(faults.faults, `${file} does not exist`);
  if (source === undefined || source === "missing") return before;
  let model = before;
  for (const document of parseYaml(source, faults)) {
    if (document.root.kind !== "map") {
      addMessage(faults.faults, "the file must be a mapping with keys such as services, volumes and networks", spanOf(document.root));
      continue;
    }
    let own = asMapping(interpolateTree(document.root, request.variables, faults));
    own = applyIncludes(own, file, document.cleared, request, context);
    model = asMapping(clearPaths(model, document.cleared));
    own = applyExtends(own, file, document.cleared, request, context);
    // After a fault the merged model cannot be trusted: later documents are only checked by themselves.
    if (faults.faults.length > 0) model = emptyModel;
    model = asMapping(enforceUnicity(mergeTrees(model, own, [], faults), faults));
    validateTree(model, faults);
    const version = model.entries.get("version");
    if (version !== undefined) {
      addMessage(faults.warnings, "the attribute `version` is obsolete and ignored", version.keySpan, "remove the line");
      model = withoutEntry(model, "version");
    }
    if (faults.faults.length > 0) continue;
    model = canonical(model, faults);
  }
  return model;
}

function canonical(tree: Mapping, faults: Faults): Mapping {
  return asMapping(enforceUnicity(dropEmptyDns(asMapping(canonicaliseTree(tree, faults))), faults));
}

/** Blank DNS servers are left out, so that `dns: ${DNS}` may be unset. Source: compose-go loader/omitEmpty.go. */
function dropEmptyDns(model: Mapping): Mapping {
  return mapServices(model, (service) => {
    const dns = child(service, "dns");
    if (dns?.kind !== "list") return service;
    return withEntry(service, "dns", list(dns.items.filter((item) => !isNull(item) && textOf(item) !== ""), dns.origin));
  });
}

function mapServices(model: Mapping, work: (service: Mapping, name: string) => Mapping): Mapping {
  const services = child(model, "services");
  if (services?.kind !== "map") return model;
  const entries = new Map<string, Entry>();
  for (const [name, entry] of services.entries) {
    entries.set(name, entry.value.kind === "map" ? { ...entry, value: work(entry.value, name) } : entry);
  }
  return withEntry(model, "services", mapping(entries, services.origin));
}

function asMapping(tree: Tree): Mapping {
  return tree.kind === "map" ? tree : emptyModel;
}

const remote = /^(?:https?|ssh|git|oci):\/\/|^git@|^github\.com\/|\.git(?:#|$)/;

function refuseRemote(path: string, what: string, span: Span | undefined, faults: Faults): boolean {
  if (!remote.test(path)) return false;
  addMessage(faults.unsupported, `${what} from a remote place (${path}) is not supported`, span, "copy the file into the project and name it by its path");
  return true;
}

// --- extends -------------------------------------------------------------------------------------------------------

interface Extension {
  readonly services: Map<string, Entry>;
  readonly file: string;
  readonly directory: string;
  readonly cleared: readonly (readonly string[])[];
}

/** Source: compose-go loader/extends.go. */
function applyExtends(
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
    addMessage(faults.faults, `services extend each other in a circle: ${[...trail.slice(trail.indexOf(here)), here].join(", then ")}`, span);
    return undefined;
  }
  const fileName = textOf(child(extended, "file"));
  const from = fileName === undefined ? place : openExtended(fileName, spanOf(child(extended, "file")), place, request, context);
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
  let model: Mapping = emptyModel;
  let cleared: readonly (readonly string[])[] = [];
  for (const document of parseYaml(source, faults)) {
    if (document.root.kind !== "map") continue;
    cleared = document.cleared;
    const own = interpolateTree(document.root, request.variables, faults);
    const merged = mergeTrees(clearPaths(model, cleared), own, [], faults);
    model = canonical(asMapping(enforceUnicity(merged, faults)), faults);
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

// --- include -------------------------------------------------------------------------------------------------------

/** Source: compose-go loader/include.go. */
function applyIncludes(
  model: Mapping,
  file: string,
  cleared: readonly (readonly string[])[],
  request: ModelRequest,
  context: ModelContext,
): Mapping {
  const includes = child(model, "include");
  if (includes?.kind !== "list") return model;
  let result = withoutEntry(model, "include");
  const trail = [...request.includedBy, file];
  for (const include of includes.items) {
    const paths = textsOf(textOf(include) === undefined ? child(include, "path") : include);
    if (paths.length === 0) {
      addMessage(context.faults.faults, "an include needs a path", spanOf(include));
      continue;
    }
    const inner = openInclude(paths, include, trail, request, context);
    if (inner === undefined) continue;
    const imported = loadModel(inner, context);
    for (const kind of ["services", "volumes", "networks", "secrets", "configs"]) {
      result = importResources(imported, result, kind, cleared, context.faults);
    }
  }
  return result;
}

function openInclude(
  paths: readonly Tree[],
  include: Tree,
  trail: readonly string[],
  request: ModelRequest,
  context: ModelContext,
): ModelRequest | undefined {
  const { faults } = context;
  const span = spanOf(paths[0]);
  if (paths.some((path) => refuseRemote(textOf(path) ?? "", "include", spanOf(path), faults))) return undefined;
  const files = paths.map((path) => resolvePath(request.directory, textOf(path) ?? ""));
  const main = files[0] ?? "";
  if (trail.includes(main)) {
    addMessage(faults.faults, `files include each other in a circle: ${[...trail.slice(trail.indexOf(main)), main].join(", then ")}`, span);
    return undefined;
  }
  for (const [at, path] of files.entries()) {
    if (context.reader.exists(path)) continue;
    addMessage(faults.faults, `${path} does not exist`, spanOf(paths[at]));
    return undefined;
  }
  const chosen = textOf(child(include, "project_directory"));
  const directory = chosen === undefined || chosen === "" ? parentPath(main) : resolvePath(request.directory, chosen);
  const named = textsOf(child(include, "env_file"));
  const envFiles = named
    .filter((item) => textOf(item) !== "/dev/null")
    .map((item) => ({ path: resolvePath(request.directory, textOf(item) ?? ""), at: spanOf(item) }));
  const ownEnv = `${directory}/.env`;
  if (named.length === 0 && context.reader.exists(ownEnv)) envFiles.push({ path: ownEnv, at: undefined });
  const variables = loadVariables(envFiles, request.variables, context.reader, faults);
  return { files, directory, variables, includedBy: trail };
}

function textsOf(tree: Tree | undefined): readonly Tree[] {
  if (tree === undefined) return [];
  return (tree.kind === "list" ? tree.items : [tree]).filter((item) => textOf(item) !== undefined);
}

function importResources(from: Mapping, to: Mapping, kind: string, cleared: readonly (readonly string[])[], faults: Faults): Mapping {
  const imported = child(from, kind);
  if (imported?.kind !== "map") return to;
  const own = child(to, kind);
  let target = own?.kind === "map" ? own : mapping([], imported.origin);
  for (const [name, entry] of imported.entries) {
    const conflict = child(target, name);
    if (conflict === undefined) {
      target = withEntry(target, name, entry.value, entry.keySpan);
      continue;
    }
    if (sameValue(conflict, entry.value)) continue;
    const whole = mapping([[kind, mapping([[name, entry.value]], defaultOrigin)]], defaultOrigin);
    const kept = child(child(clearPaths(whole, cleared), kind), name);
    if (kept !== undefined) target = withEntry(target, name, mergeTrees(kept, conflict, [kind, name], faults));
  }
  return withEntry(to, kind, target);
}
