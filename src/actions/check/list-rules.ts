import type { Severity } from "../../core/finding.ts";
import type { FixClass } from "../../core/fix.ts";
import { RULES } from "../../rules/registry.gen.ts";

/** A rule for lists. */
export interface RuleRow {
  readonly id: string;
  readonly group: string;
  readonly severity: Severity;
  readonly fix: FixClass | null;
  readonly summary: string;
}

/** What check says of its own comments rather than of a project (rules/apply-ignores.ts). */
const ignoreRules: readonly RuleRow[] = [
  {
    id: "ignore-without-reason",
    group: "ignores",
    severity: "warning",
    fix: null,
    summary: "An ignore comment without a reason, which has no effect",
  },
  {
    id: "unused-ignore",
    group: "ignores",
    severity: "warning",
    fix: null,
    summary: "An ignore comment where its rule finds nothing",
  },
];

/** Every rule, by group and id. */
export function listRules(): readonly RuleRow[] {
  const rows = RULES.map(({ id, group, severity, fix, summary }) => ({
    id,
    group,
    severity,
    fix: fix ?? null,
    summary,
  }));
  const key = ({ group, id }: RuleRow) => `${group} ${id}`;
  return [...rows, ...ignoreRules].toSorted((left, right) => (key(left) < key(right) ? -1 : 1));
}
