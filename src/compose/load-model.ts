import { applyExtends } from "./apply-extends.ts";
import { applyIncludes } from "./apply-includes.ts";
import { canonicaliseModel } from "./canonical-model.ts";
import { clearPaths } from "./clear-paths.ts";
import { completeTree, resolveEnvironmentLists, resolvePaths } from "./complete-tree.ts";
import { enforceUnicity } from "./enforce-unicity.ts";
import { addMessage } from "./faults.ts";
import { interpolateTree } from "./interpolate-tree.ts";
import { mergeTrees } from "./merge-trees.ts";
import type { ModelContext, ModelRequest } from "./model-request.ts";
import { asMapping, emptyMapping, spanOf, withoutEntry, type Mapping } from "./tree.ts";
import { validateTree } from "./validate-tree.ts";

/**
 * Loads files into one canonical model with absolute paths: per document parse, interpolate, include, reset, extend,
 * merge, check, canonicalise; then once defaults and paths. What is wrong goes to the faults, and the rest of the files
 * is still read for more. Source: compose-go loader/loader.go.
 */
export function loadModel(request: ModelRequest, context: ModelContext): Mapping {
  let model: Mapping = emptyMapping;
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
  for (const document of context.reader.parse(source, faults)) {
    if (document.root.kind !== "map") {
      addMessage(
        faults.faults,
        "the file must be a mapping with keys such as services, volumes and networks",
        spanOf(document.root),
      );
      continue;
    }
    let own = asMapping(interpolateTree(document.root, request.variables, faults));
    own = applyIncludes(loadModel, own, file, document.cleared, request, context);
    model = asMapping(clearPaths(model, document.cleared));
    own = applyExtends(own, file, document.cleared, request, context);
    // After a fault the merged model cannot be trusted: later documents are only checked by themselves.
    if (faults.faults.length > 0) model = emptyMapping;
    model = asMapping(enforceUnicity(mergeTrees(model, own, [], faults), faults));
    validateTree(model, faults);
    const version = model.entries.get("version");
    if (version !== undefined) {
      addMessage(
        faults.warnings,
        "the attribute `version` is obsolete and ignored",
        version.keySpan,
        "remove the line",
      );
      model = withoutEntry(model, "version");
    }
    if (faults.faults.length > 0) continue;
    model = canonicaliseModel(model, faults);
  }
  return model;
}
