import { join } from "node:path";

import type { Ports } from "../ports/ports.ts";

/**
 * A cold copy of a stopped server's data directory, checked file by file: every name is there with its size. Throws when
 * one is not.
 */
export async function copyDataDirectory(files: Ports["files"], from: string, to: string): Promise<void> {
  await files.copy(from, to);
  const [source, target] = await Promise.all([listSizes(files, from), listSizes(files, to)]);
  const missing = [...source].filter(([name, size]) => target.get(name) !== size).map(([name]) => name);
  if (missing.length > 0) throw new Error(`the copy in ${to} lacks ${missing.slice(0, 3).join(", ")}`);
}

async function listSizes(files: Ports["files"], directory: string, prefix = ""): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for (const name of await files.list(join(directory, prefix))) {
    const path = join(prefix, name);
    const facts = await files.stat(join(directory, path));
    if (facts?.kind === "directory") {
      for (const [inner, size] of await listSizes(files, directory, path)) sizes.set(inner, size);
    } else if (facts?.kind === "file") sizes.set(path, facts.size);
  }
  return sizes;
}
