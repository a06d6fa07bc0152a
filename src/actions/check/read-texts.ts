import type { Sources } from "../../ports/sources.ts";

/** The texts of files by absolute path; the byte order mark stays, spans count it. What cannot be read is left out. */
export function readTexts(sources: Sources, files: readonly string[]): ReadonlyMap<string, string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return new Map(
    [...new Set(files)].flatMap((file) => {
      const read = sources.read(file);
      return read.kind === "file" ? [[file, decoder.decode(read.bytes)] as const] : [];
    }),
  );
}
