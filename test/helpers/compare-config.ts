import { createFaults } from "../../src/compose/faults.ts";
import { parseYaml } from "../../src/compose/parse-yaml.ts";
import { decodeSource } from "../../src/compose/source-text.ts";
import { toPlain } from "../../src/compose/to-plain.ts";
import { isToolError } from "../../src/core/tool-error.ts";
import { loadProject } from "../../src/compose/load-project.ts";
import { renderConfig } from "../../src/compose/render-config.ts";
import { sourcesOf, type FixtureRequest } from "./compose-fixture.ts";
import type { ComposeAnswer } from "./compose-oracle.ts";

/**
 * What differs between Compose's answer and ours, value for value; nothing when both print the same or both refuse. Each
 * line names a place in the model with our value and Compose's.
 */
export function compareConfig(
  request: FixtureRequest,
  theirs: ComposeAnswer,
  format: "json" | "yaml",
): readonly string[] {
  let ours: string;
  try {
    ours = renderConfig(loadProject(sourcesOf(request), request), format);
  } catch (error) {
    if (!isToolError(error)) return [`we fail: ${error instanceof Error ? (error.stack ?? error.message) : "?"}`];
    return "refused" in theirs ? [] : [`only we refuse: ${error.message}`];
  }
  if ("refused" in theirs) return [`only Compose refuses: ${theirs.refused}`];
  const read = format === "json" ? (text: string): unknown => JSON.parse(text) : readYaml;
  return [...differences(read(ours), read(theirs.output), "")];
}

/** YAML as Compose would read it again; npm's `yaml` takes some plain words for numbers that Compose takes for text. */
export function readYaml(text: string): unknown {
  const source = decodeSource("config.yaml", new TextEncoder().encode(text));
  const faults = createFaults();
  const root = source === undefined ? undefined : parseYaml(source, faults)[0]?.root;
  if (root === undefined || faults.faults.length > 0) throw new Error(`not YAML: ${JSON.stringify(faults.faults)}`);
  return toPlain(root);
}

function* differences(ours: unknown, theirs: unknown, path: string): Generator<string> {
  if (isTree(ours) && isTree(theirs) && Array.isArray(ours) === Array.isArray(theirs)) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      yield* differences(ours[key], theirs[key], path === "" ? key : `${path}.${key}`);
    }
  } else if (ours !== theirs) {
    yield `${path}: we print ${JSON.stringify(ours)}, Compose ${JSON.stringify(theirs)}`;
  }
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
