import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { ActionContext } from "../context.ts";
import { listRules } from "./list-rules.ts";

/**
 * The page of a rule, as it lies in the package.
 *
 * @throws ToolError COMMAND_USAGE for a name that is no rule
 */
export async function explainRule(context: ActionContext, id: string): Promise<string> {
  const rule = listRules().find((one) => one.id === id);
  if (rule === undefined) {
    throw new ToolError("COMMAND_USAGE", `There is no rule ${JSON.stringify(id)}.`, {
      hint: "bulkhead check --list-rules",
    });
  }
  return context.ports.files.readText(join(context.resources, "..", "docs", "rules", `${rule.id}.md`));
}
