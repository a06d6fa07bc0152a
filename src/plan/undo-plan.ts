import { kindOf, type PlanRun } from "./run-plan.ts";
import { stepOrder } from "./step-order.ts";

/**
 * Puts back what the steps of a journal's plan changed, the last first: of all that were begun, whether or not they came
 * to their end. From then on the plan can only be put back. What fails leaves it so, to be tried again.
 */
export async function undoPlan<Context>(run: PlanRun<Context>): Promise<void> {
  const { journal, kinds, onMoment, signal } = run;
  const { plan, begun } = journal.state();
  const context = run.context(signal);
  await journal.append({ type: "turn" });
  for (const step of stepOrder(plan).toReversed()) {
    signal.throwIfAborted();
    const { undo } = kindOf(kinds, step);
    if (undo === undefined || !begun.has(step.id)) continue;
    await onMoment?.("before", step);
    await undo(context, step);
    await onMoment?.("effect", step);
    await journal.append({ type: "undone", step: step.id });
    await onMoment?.("after", step);
  }
}
