import { ToolError } from "../../core/tool-error.ts";
import type { Journal, JournalState } from "../../plan/journal.ts";

/** What can be done with a split that was begun. */
export type SplitVerb = "resume" | "undo" | "finish";

const stages: Readonly<Record<SplitVerb, readonly JournalState["stage"][]>> = {
  resume: ["open"],
  undo: ["open", "undoing", "done"],
  finish: ["done"],
};

/** The plan that is neither done nor put back, if there is one. */
export function findOpenSplit(journals: readonly Journal[]): Journal | undefined {
  return journals.find((journal) => ["open", "undoing"].includes(journal.state().stage));
}

/**
 * The newest split that a verb fits.
 *
 * @throws ToolError SPLIT_REFUSED when there is none, with what there is
 */
export function findSplit(journals: readonly Journal[], verb: SplitVerb): Journal {
  const found = journals.findLast((journal) => stages[verb].includes(journal.state().stage));
  if (found !== undefined) return found;
  const open = findOpenSplit(journals);
  if (open !== undefined) throw openSplit(open);
  const last = journals.at(-1);
  const why = last === undefined ? "there is none here" : `the last one is ${last.state().stage}`;
  throw new ToolError("SPLIT_REFUSED", `There is no split to ${verb}: ${why}.`, {
    hint: "bulkhead db status",
    exitCode: 1,
  });
}

/** ToolError PLAN_OPEN: what to do with a plan that was left open. */
export function openSplit(journal: Journal): ToolError {
  const { stage, plan, since } = journal.state();
  const back = "put it back with: bulkhead db split --undo";
  const hint =
    stage === "undoing" ? `It was being put back: ${back}` : `Carry it on with: bulkhead db split --resume\nOr ${back}`;
  return new ToolError("PLAN_OPEN", `The split of ${since.slice(0, 16).replace("T", " ")} is open (${plan.id}).`, {
    hint,
    detail: { plan: plan.id, journal: journal.path, stage },
    exitCode: 1,
  });
}
