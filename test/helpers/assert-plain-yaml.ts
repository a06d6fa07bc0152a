import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { composeDocuments } from "../../src/compose/compose-documents.ts";
import { readPlainYaml } from "../../src/compose/read-plain-yaml.ts";
import { createSourceText } from "../../src/compose/source-text.ts";
import { toYamlNode, type YamlNode } from "../../src/compose/yaml-node.ts";
import { listTracked } from "./list-tracked.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { seededRandom, type SeededRandom } from "./seeded-random.ts";
import { repositoryPath } from "./source-files.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The YAML files of the repository: real projects, and traps. */
export function readYamlFiles(): readonly string[] {
  const paths = listTracked().filter((path) => /\.ya?ml$/.test(path));
  return paths.map((path) => readFileSync(repositoryPath(path), "utf8"));
}

/** True when the reader of plain YAML takes the text; then it gives what the complete parser gives. */
export function assertSameNodes(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain === undefined) return false;
  expect({ text, node: plain }).toEqual({ text, node: completeNode(text) });
  return true;
}

/** What the complete parser gives for one document; its faults for none. */
function completeNode(text: string): YamlNode | undefined | readonly string[] {
  const composed = composeDocuments(createSourceText("compose.yaml", text));
  if ("refused" in composed) return [composed.refused];
  const [document, ...more] = composed.documents;
  const faults = composed.documents.flatMap(({ errors }) => errors.map(({ message }) => message));
  if (document === undefined || more.length > 0 || faults.length > 0)
    return [`${more.length} more documents`, ...faults];
  return toYamlNode(document.contents);
}

/** Changes lines and bytes of the repository's files; the same seed gives the same texts. */
export function assertSameNodesMutated(count: number, seed: number): void {
  const random = seededRandom(seed);
  const texts = readYamlFiles().filter((text) => text.length < 4000);
  let taken = 0;
  for (let at = 0; at < count; at++) {
    const text = random.below(3) === 0 ? mutateText(texts, random) : mutateLines(random.pick(texts), random);
    if (assertSameNodes(text)) taken++;
  }
  // Mutations that are all left to the complete parser would test nothing.
  expect(taken).toBeGreaterThan(count / 5);
}

function mutateText(texts: readonly string[], random: SeededRandom): string {
  const [one, other] = [random.pick(texts), random.pick(texts)].map((text) => encoder.encode(text));
  return decoder.decode(mutateBytes(one ?? new Uint8Array(), other ?? new Uint8Array(), random));
}

const endings = [
  "",
  " ",
  " # c",
  ":",
  ": x",
  " |",
  " >-",
  " &a",
  " *a",
  " []",
  " {a: b}",
  ' "x"',
  " 'it''s'",
  " -",
  " ,",
];
const insertions = [
  "",
  "  ",
  "# c",
  "    # c",
  "x: y",
  "- z",
  "  - z",
  "<<: *a",
  "key:",
  "-",
  "---",
  "  text",
  "a: |",
  '"q": 1',
];

function mutateLines(text: string, random: SeededRandom): string {
  const lines = text.split("\n");
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(lines.length);
    const line = lines[at] ?? "";
    const columns = line.length - line.trimStart().length;
    const change = random.below(5);
    if (change === 0) lines.splice(at, 1);
    else if (change === 1) lines.splice(at, 0, " ".repeat(columns) + random.pick(insertions));
    else if (change === 2)
      lines[at] = " ".repeat(Math.max(0, columns + random.pick([-2, -1, 1, 2, 4]))) + line.trimStart();
    else if (change === 3) lines[at] = line + random.pick(endings);
    else lines.splice(at, 0, ...lines.slice(random.below(lines.length)).slice(0, 1 + random.below(4)));
  }
  return random.below(8) === 0 ? lines.join("\n").trimEnd() : lines.join("\n");
}
