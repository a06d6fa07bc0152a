import type { Journal } from "./journal.ts";
import { stepOrder } from "./step-order.ts";
import type { Step, StepKind } from "./step.ts";

/** The moments of a step that others may want to see, and a killed process may stop at. */
export const stepMoments = ["before", "effect", "after"] as const;

/** `before`: nothing happened yet; `effect`: it is done and the journal does not say so; `after`: the journal says so. */
export type StepMoment = (typeof stepMoments)[number];

export interface PlanRun<Context> {
  readonly journal: Journal;
  readonly kinds: Readonly<Record<string, StepKind<Context>>>;
  /** What the steps work with. Its signal is aborted when another step failed. */
  readonly context: (signal: AbortSignal) => Context;
  readonly signal: AbortSignal;
  readonly onMoment?: (moment: StepMoment, step: Step) => void | Promise<void>;
}

/**
 * Does the steps of a journal's plan whose outcome is not in the world yet: from the start, or where a killed process
 * left off. Steps that do not wait for each other run at the same time. The first failure ends it, when what runs beside
 * has ended; the plan is open then.
 */
export async function runPlan<Context>(run: PlanRun<Context>): Promise<void> {
  const { journal, kinds, onMoment } = run;
  const failed = new AbortController();
  const signal = AbortSignal.any([run.signal, failed.signal]);
  const context = run.context(signal);
  const outcomes = new Map<string, Promise<void>>();
  for (const step of stepOrder(journal.state().plan)) {
    const before = step.after.flatMap((id) => outcomes.get(id) ?? []);
    const outcome = Promise.all(before).then(() => doStep(step));
    outcome.catch((error: unknown) => failed.abort(error));
    outcomes.set(step.id, outcome);
  }
  const settled = await Promise.allSettled(outcomes.values());
  if (settled.some(({ status }) => status === "rejected")) throw reasonOf(run.signal, failed.signal);

  async function doStep(step: Step): Promise<void> {
    signal.throwIfAborted();
    const kind = kindOf(kinds, step);
    if (await kind.isDone(context, step)) return;
    await journal.append({ type: "begin", step: step.id });
    await onMoment?.("before", step);
    const evidence = await kind.apply(context, step);
    await onMoment?.("effect", step);
    await journal.append({ type: "done", step: step.id, ...(evidence === undefined ? {} : { evidence }) });
    await onMoment?.("after", step);
  }
}

export function kindOf<Context>(kinds: Readonly<Record<string, StepKind<Context>>>, { kind }: Step): StepKind<Context> {
  const found = kinds[kind];
  if (found === undefined) throw new Error(`there is no kind of step ${kind}`);
  return found;
}

/** What the user did comes before what it broke. */
function reasonOf(asked: AbortSignal, failed: AbortSignal): unknown {
  return asked.aborted ? asked.reason : failed.reason;
}
