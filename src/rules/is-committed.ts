import ignore from "ignore";
import { dirname, join, relative } from "node:path";

import type { Sources } from "../ports/sources.ts";

/** True when a file lies in a Git repository and no `.gitignore` from its root down to the file leaves it out. */
export function isCommitted(sources: Sources, file: string): boolean {
  const chain = directoriesAbove(file);
  const root = chain.findIndex((directory) => sources.kindOf(join(directory, ".git")) !== "missing");
  if (root < 0) return false;
  let ignored = false;
  for (const directory of chain.slice(0, root + 1).toReversed()) {
    const read = sources.read(join(directory, ".gitignore"));
    if (read.kind !== "file") continue;
    const verdict = ignore()
      .add(new TextDecoder().decode(read.bytes))
      .test(relative(directory, file).replaceAll("\\", "/"));
    if (verdict.ignored) ignored = true;
    else if (verdict.unignored) ignored = false;
  }
  return !ignored;
}

/** The file's directory first, the root of the file system last. */
function directoriesAbove(file: string): readonly string[] {
  const directories: string[] = [];
  for (let at = dirname(file); directories.at(-1) !== at; at = dirname(at)) directories.push(at);
  return directories;
}
