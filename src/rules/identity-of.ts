import type { Finding } from "../core/finding.ts";

/** What makes two findings the same: the rule and its evidence, wherever they are written. */
export function identityOf({ rule, evidence }: Finding): string {
  return [rule, ...evidence].join("\0");
}
