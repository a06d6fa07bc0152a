import ignore, { type Ignore } from "ignore";
import { join, relative } from "node:path";

import type { Files } from "../../ports/files.ts";

interface IgnoreFile {
  /** Absolute directory whose paths the rules speak of. */
  readonly directory: string;
  readonly rules: Ignore;
}

/**
 * A directory and all below it in which projects may lie, absolute, parents first: without `node_modules`, `.git`, what
 * the `.gitignore` files in the tree leave out, and links.
 */
export function listProjectDirectories(root: string, files: Files): Promise<readonly string[]> {
  return walk(root, files, []);
}

async function walk(directory: string, files: Files, inherited: readonly IgnoreFile[]): Promise<readonly string[]> {
  const entries = await files.listEntries(directory);
  const isHere = entries.some(({ name, kind }) => name === ".gitignore" && kind !== "directory");
  const text = isHere ? await files.readTextIfPresent(join(directory, ".gitignore")) : undefined;
  const ignoreFiles = text === undefined ? inherited : [...inherited, { directory, rules: ignore().add(text) }];
  const below = await Promise.all(
    entries
      .filter(({ name, kind }) => kind === "directory" && name !== "node_modules" && name !== ".git")
      .map(({ name }) => join(directory, name))
      .filter((path) => !isIgnored(path, ignoreFiles))
      .map((path) => walk(path, files, ignoreFiles)),
  );
  return [directory, ...below.flat()];
}

/** The last rule that speaks of the path decides; files nearer to it come later. */
function isIgnored(path: string, ignoreFiles: readonly IgnoreFile[]): boolean {
  let ignored = false;
  for (const { directory, rules } of ignoreFiles) {
    const verdict = rules.test(`${relative(directory, path).replaceAll("\\", "/")}/`);
    if (verdict.ignored) ignored = true;
    else if (verdict.unignored) ignored = false;
  }
  return ignored;
}
