import type { SourceRead, Sources } from "../ports/sources.ts";

/**
 * Project files as they were when first read. Every load of one run sees the same bytes, and a writer can tell whether a
 * file has changed on disk since.
 */
export function rememberSources(sources: Sources): Sources {
  const reads = new Map<string, SourceRead>();
  return {
    read(path) {
      const known = reads.get(path) ?? sources.read(path);
      reads.set(path, known);
      return known;
    },
    kindOf: (path) => sources.kindOf(path),
    list: (path) => sources.list(path),
  };
}
