import type { Finding } from "../../core/finding.ts";
import type { Sources } from "../../ports/sources.ts";

/** The text of every file that findings point into or would edit, by absolute path. */
export function readTexts(sources: Sources, findings: readonly Finding[]): ReadonlyMap<string, string> {
  const files = findings.flatMap(({ labels, also, fix }) => [
    ...[...labels, ...also].map(({ span }) => span.file),
    ...(fix !== undefined && "edits" in fix ? fix.edits.map(({ file }) => file) : []),
  ]);
  return new Map(
    [...new Set(files)].flatMap((file) => {
      const read = sources.read(file);
      // The byte order mark stays: spans count it.
      return read.kind === "file"
        ? [[file, new TextDecoder("utf-8", { ignoreBOM: true }).decode(read.bytes)] as const]
        : [];
    }),
  );
}
