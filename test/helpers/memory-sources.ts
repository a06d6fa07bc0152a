import type { Sources } from "../../src/ports/sources.ts";

/** Project files in memory under `/p`, by name. */
export function memorySources(files: Readonly<Record<string, string | Uint8Array>>): Sources {
  const bytes = new Map(
    Object.entries(files).map(([name, content]) => [
      `/p/${name}`,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    ]),
  );
  return {
    read(path) {
      const found = bytes.get(path);
      return found === undefined ? { kind: "missing", path } : { kind: "file", path, bytes: found };
    },
    kindOf: (path) => (bytes.has(path) ? "file" : "missing"),
    list: () => [],
  };
}
