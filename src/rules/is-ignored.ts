import type { Finding } from "../core/finding.ts";
import type { Sources } from "../ports/sources.ts";
import { applyIgnores, findIgnores } from "./apply-ignores.ts";

/** True when a comment with a reason, in the texts a finding points into, says to leave it out. */
export function isIgnored(finding: Finding, sources: Sources): boolean {
  const files = new Set([...finding.labels, ...finding.also].map(({ span }) => span.file));
  const ignores = [...files].flatMap((file) => {
    const read = sources.read(file);
    return read.kind === "file" ? findIgnores(file, new TextDecoder().decode(read.bytes)) : [];
  });
  return applyIgnores([finding], ignores, new Set()).ignored.length > 0;
}
