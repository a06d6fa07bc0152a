import { composeDocuments } from "./compose-documents.ts";
import { readPlainYaml } from "./read-plain-yaml.ts";
import type { SourceText } from "./source-text.ts";
import { toYamlNode, type YamlNode } from "./yaml-node.ts";

const known = new WeakMap<SourceText, { readonly roots: readonly (YamlNode | undefined)[] | undefined }>();

/**
 * The root of each document of a YAML file; undefined when the file is refused or has faults, which `composeDocuments` tells.
 * Read once a source.
 */
export function yamlRoots(source: SourceText): readonly (YamlNode | undefined)[] | undefined {
  const found = known.get(source) ?? { roots: readRoots(source) };
  known.set(source, found);
  return found.roots;
}

function readRoots(source: SourceText): readonly (YamlNode | undefined)[] | undefined {
  const plain = readPlainYaml(source.text);
  if (plain !== undefined) return [plain];
  const composed = composeDocuments(source);
  if ("refused" in composed || composed.documents.some(({ errors }) => errors.length > 0)) return undefined;
  return composed.documents.map(({ contents }) => toYamlNode(contents));
}
