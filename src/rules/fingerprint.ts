import { createHash } from "node:crypto";
import { relative } from "node:path";

import type { Finding } from "../core/finding.ts";

/**
 * What a finding is called from run to run: 16 hexadecimal digits made of its rule, the file of its primary place
 * (relative to the project's directory) and its evidence. Wording, lines and columns do not change it.
 */
export function fingerprint(finding: Finding, directory: string): string {
  const file = relative(directory, finding.labels[0].span.file).replaceAll("\\", "/");
  const parts = JSON.stringify([finding.rule, file, ...finding.evidence]);
  return createHash("sha256").update(parts).digest("hex").slice(0, 16);
}
