import { clearPaths } from "./clear-paths.ts";
import { addFault, type Faults } from "./faults.ts";
import { spendLimit } from "./limits.ts";
import { loadVariables } from "./load-variables.ts";
import { mergeTrees } from "./merge-trees.ts";
import type { ModelContext, ModelRequest } from "./model-request.ts";
import { parentPath, resolvePath } from "./paths.ts";
import { refuseRemote } from "./refuse-remote.ts";
import {
  child,
  defaultOrigin,
  mapping,
  sameValue,
  spanOf,
  textOf,
  withEntry,
  withoutEntry,
  type Mapping,
  type Tree,
} from "./tree.ts";

/** Longer than any chain that people write; each step is a call of our own. */
const maximumDepth = 100;

/**
 * Brings in the services and resources of the files under `include`, each set loaded as a model of its own with its own
 * directory and `.env`; what the including file says is merged over them. Source: compose-go loader/include.go.
 *
 * @param load loads the included files
 */
export function applyIncludes(
  load: (request: ModelRequest, context: ModelContext) => Mapping,
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
      addFault(context.faults, "an include needs a path", spanOf(include), { hides: ["resources"] });
      continue;
    }
    const inner = openInclude(paths, include, trail, request, context);
    if (inner === undefined) continue;
    const imported = load(inner, context);
    for (const kind of ["services", "jobs", "volumes", "networks", "secrets", "configs", "models"]) {
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
  if (paths.some((path) => refuseRemote({ path: textOf(path) ?? "", what: "include" }, spanOf(path), faults)))
    return undefined;
  if (!spendLimit(faults, "included files", paths.length, span)) return undefined;
  if (trail.length > maximumDepth) {
    addFault(faults, `files include each other more than ${maximumDepth} times in a row`, span, {
      hides: ["resources"],
    });
    return undefined;
  }
  const files = paths.map((path) => resolvePath(request.directory, textOf(path) ?? ""));
  const main = files[0] ?? "";
  if (trail.includes(main)) {
    addFault(
      faults,
      `files include each other in a circle: ${[...trail.slice(trail.indexOf(main)), main].join(", then ")}`,
      span,
      { kind: "include", data: { path: main }, hides: ["resources"] },
    );
    return undefined;
  }
  for (const [at, path] of files.entries()) {
    if (context.reader.exists(path)) continue;
    addFault(faults, `${path} does not exist`, spanOf(paths[at]), {
      kind: "include",
      data: { path },
      hides: ["resources"],
    });
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
  return { files, directory, variables, includedBy: trail, at: span };
}

function textsOf(tree: Tree | undefined): readonly Tree[] {
  if (tree === undefined) return [];
  return (tree.kind === "list" ? tree.items : [tree]).filter((item) => textOf(item) !== undefined);
}

function importResources(
  from: Mapping,
  to: Mapping,
  kind: string,
  cleared: readonly (readonly string[])[],
  faults: Faults,
): Mapping {
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
