import { applyExtends } from "./apply-extends.ts";
import { applyIncludes } from "./apply-includes.ts";
import { canonicaliseModel } from "./canonical-model.ts";
import { clearPaths } from "./clear-paths.ts";
import { completeTree, resolveEnvironmentLists, resolvePaths } from "./complete-tree.ts";
import type { Hidden } from "./compose-fault.ts";
import { enforceUnicity } from "./enforce-unicity.ts";
import { addFault, addWarning } from "./faults.ts";
import { interpolateTree } from "./interpolate-tree.ts";
import { mergeTrees } from "./merge-trees.ts";
import { promoteAliases } from "./promote-aliases.ts";
import type { ModelContext, ModelRequest } from "./model-request.ts";
import { asMapping, emptyMapping, spanOf, withoutEntry, type Mapping } from "./tree.ts";
import { validateTree } from "./validate-tree.ts";

/**
 * Loads files into one canonical model with absolute paths: per document parse, interpolate, include, reset, extend,
 * merge, check, canonicalise; then once defaults and paths. What is wrong goes to the faults and is left out of the model. Source: compose-go loader/loader.go.
 */
export function loadModel(request: ModelRequest, context: ModelContext): Mapping {
  let model: Mapping = emptyMapping;
  for (const file of request.files) model = loadFile(file, model, request, context);
  const complete = completeTree(model, context.faults);
  const located = resolvePaths(complete, request.directory, context.home, context.faults);
  return asMapping(resolveEnvironmentLists(located, request.variables, context.faults));
}

function loadFile(file: string, before: Mapping, request: ModelRequest, context: ModelContext): Mapping {
  const { faults } = context;
  const hides: readonly Hidden[] = request.includedBy.length > 0 ? ["resources"] : ["everything"];
  const source = context.reader.read(file, faults, request.at, hides);
  if (source === "missing")
    addFault(faults, `${file} does not exist`, undefined, { kind: "include", data: { path: file }, hides });
  if (source === undefined || source === "missing") return before;
  let model = before;
  for (const document of context.reader.parse(source, faults, hides)) {
    if (document.root.kind !== "map") {
      addFault(
        faults,
        "the file must be a mapping with keys such as services, volumes and networks",
        spanOf(document.root),
        { kind: "schema", data: { path: [] }, hides },
      );
      continue;
    }
    let own = promoteAliases(interpolateTree(document.root, request.variables, faults), faults);
    own = applyIncludes(loadModel, own, file, document.cleared, request, context);
    model = asMapping(clearPaths(model, document.cleared));
    own = applyExtends(own, file, document.cleared, request, context);
    model = asMapping(enforceUnicity(mergeTrees(model, own, [], faults), faults));
    model = validateTree(model, faults);
    const version = model.entries.get("version");
    if (version !== undefined) {
      addWarning(faults, "the attribute `version` is obsolete and ignored", version.keySpan, {
        hint: "remove the line",
        kind: "obsolete-version",
        file,
      });
      model = withoutEntry(model, "version");
    }
    model = canonicaliseModel(model, faults);
  }
  return model;
}
