import type { CheckScope } from "./check.ts";
import { loadBaseline } from "./check/baseline.ts";
import { findProjects } from "./check/find-projects.ts";
import { planRepair, type PlannedRepair } from "./check/plan-repair.ts";
import { selectRules } from "./check/select-rules.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";

/** What was repaired, project by project. */
export interface FixResult {
  readonly repairs: readonly PlannedRepair[];
  /** Files that were written, absolute; none when nothing was to be done or `confirm` said no. */
  readonly written: readonly string[];
}

/**
 * Repairs projects: works all repairs out in memory, then writes the files. A project that cannot be loaded has none.
 *
 * @param wanted.upTo `safe` repairs only, or `behaviour` ones too
 * @param wanted.confirm asked once, before anything is written, when there is something to write
 * @throws ToolError COMPOSE_NOT_FOUND, COMMAND_USAGE, FILE_CHANGED, FILE_OUTSIDE_PROJECT
 */
export async function fix(
  context: ActionContext,
  options: ProjectOptions,
  wanted: CheckScope & {
    readonly upTo: "safe" | "behaviour";
    readonly confirm: (repairs: readonly PlannedRepair[]) => Promise<boolean>;
  },
): Promise<FixResult> {
  const rules = selectRules(wanted.rules, wanted.ignoredRules);
  const requests = await findProjects(context, options, wanted);
  const isListed = wanted.baseline === undefined ? () => false : await loadBaseline(context, wanted.baseline);
  const how = { upTo: wanted.upTo, sameServer: wanted.sameServer, isListed };
  const repairs = requests.flatMap((request) => planRepair(context, request, rules, how) ?? []);
  const written: string[] = [];
  if (repairs.some(({ edits }) => edits.length > 0) && (await wanted.confirm(repairs))) {
    for (const repair of repairs) written.push(...(await repair.write()));
  }
  return { repairs, written };
}
