import type { Sources } from "../../src/ports/sources.ts";

/** Files in memory, by absolute path or by path below `/p`. */
export function memorySources(files: Readonly<Record<string, string | Uint8Array>>): Sources {
  const contents = new Map(
    Object.entries(files).map(([name, content]) => [
      name.startsWith("/") ? name : `/p/${name}`,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    ]),
  );
  const below = (directory: string) =>
    [...contents.keys()]
      .filter((path) => path.startsWith(`${directory}/`))
      .map((path) => path.slice(directory.length + 1));
  return {
    read(path) {
      const bytes = contents.get(path);
      return bytes === undefined ? { kind: "missing", path } : { kind: "file", path, bytes };
    },
    kindOf: (path) => (contents.has(path) ? "file" : below(path).length > 0 ? "directory" : "missing"),
    list: (path) => [...new Set(below(path).map((name) => name.split("/")[0] ?? ""))].toSorted(),
  };
}
