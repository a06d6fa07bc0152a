import type { RuleRow } from "../../../actions/check/list-rules.ts";
import type { Look } from "../look.ts";
import { renderTable } from "../table.ts";

/** Rules as a table. */
export function renderRuleTable(rules: readonly RuleRow[], look: Look): string {
  return renderTable<RuleRow>(
    [
      { title: "RULE", cell: ({ id }) => ({ text: id, style: "bold" }) },
      { title: "GROUP", cell: ({ group }) => ({ text: group }), dropOrder: 2 },
      { title: "SEVERITY", cell: ({ severity }) => ({ text: severity }) },
      { title: "FIX", cell: ({ fix }) => ({ text: fix ?? "" }), dropOrder: 1 },
      { title: "SAYS", cell: ({ summary }) => ({ text: summary }) },
    ],
    rules,
    look,
  );
}
