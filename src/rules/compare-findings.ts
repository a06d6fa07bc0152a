import type { Finding } from "../core/finding.ts";

const ranks = { error: 0, warning: 1, info: 2 } as const;

/** Errors first, what could not be judged last, and by place. */
export function compareFindings(left: Finding, right: Finding): number {
  const rank = (finding: Finding) => (finding.judgement === "unknown" ? 3 : ranks[finding.severity]);
  const [a, b] = [left.labels[0].span, right.labels[0].span];
  return (
    rank(left) - rank(right) ||
    (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
    a.start - b.start ||
    (left.rule < right.rule ? -1 : 1)
  );
}
