import type { Sources } from "../../src/ports/sources.ts";

/** Project files in memory under `/p`, by name. */
export function memorySources(files: Readonly<Record<string, string>>): Sources {
  const bytes = new Map(Object.entries(files).map(([name, text]) => [`/p/${name}`, new TextEncoder().encode(text)]));
  return {
    read(path) {
      const found = bytes.get(path);
      return found === undefined ? { kind: "missing", path } : { kind: "file", path, bytes: found };
    },
    kindOf: (path) => (bytes.has(path) ? "file" : "missing"),
    list: () => [],
  };
}
