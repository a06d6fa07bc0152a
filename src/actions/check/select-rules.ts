import { ToolError } from "../../core/tool-error.ts";
import { RULES } from "../../rules/registry.gen.ts";
import type { Rule } from "../../rules/rule.ts";

/**
 * The rules to run: those of `only` (empty: all) without those of `without`.
 *
 * @throws ToolError COMMAND_USAGE for a name that is no rule
 */
export function selectRules(only: readonly string[], without: readonly string[]): readonly Rule[] {
  const known = new Set(RULES.map(({ id }) => id));
  const unknown = [...only, ...without].find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new ToolError("COMMAND_USAGE", `There is no rule ${JSON.stringify(unknown)}.`, {
      hint: "bulkhead check --list-rules",
    });
  }
  return RULES.filter(({ id }) => (only.length === 0 || only.includes(id)) && !without.includes(id));
}
