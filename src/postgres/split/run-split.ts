import { isToolError, ToolError } from "../../core/tool-error.ts";
import type { Journal } from "../../plan/journal.ts";
import { runPlan, type StepMoment } from "../../plan/run-plan.ts";
import type { Step, StepEvidence } from "../../plan/step.ts";
import { undoPlan } from "../../plan/undo-plan.ts";
import type { SplitContext } from "./split-context.ts";
import { splitKinds } from "./split-kinds.ts";
import { withServerLock } from "./with-server-lock.ts";

export interface SplitRun {
  readonly context: Omit<SplitContext, "signal" | "evidence" | "application">;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  readonly onMoment?: (moment: StepMoment, step: Step) => void | Promise<void>;
}

/** What one application has after a split. */
export interface SplitOutcome {
  readonly part: string;
  readonly database: string;
  readonly revision: string | undefined;
  readonly tables: number;
  readonly rows: number;
}

/**
 * Carries an open plan to its end, or on from where it was left. A failure before the copies have their places puts
 * everything back; one after it leaves the plan open, to be carried on or put back.
 *
 * @throws ToolError with what failed; PROJECT_BUSY
 */
export function runSplit(run: SplitRun): Promise<readonly SplitOutcome[]> {
  return withLock(run, async () => {
    try {
      await runPlan(planRun(run));
    } catch (error) {
      throw await putBackAfter(run, error);
    }
    await end(run, "done");
    return outcomesOf(run.journal);
  });
}

/** Puts back what an open or finished split changed. */
export function undoSplit(run: SplitRun): Promise<void> {
  return withLock(run, () => undo(run));
}

async function undo(run: SplitRun): Promise<void> {
  await undoPlan(planRun(run));
  await end(run, "undone");
}

/** What each part got, as the comparison with the original found it. */
export function outcomesOf(journal: Journal): readonly SplitOutcome[] {
  const { plan, evidence } = journal.state();
  return plan.steps.flatMap((step) => {
    const found = evidence.get(step.id);
    if (step.kind !== "verify-copy" || found === undefined) return [];
    return [outcomeOf(step, found)];
  });
}

function outcomeOf({ args }: Step, found: StepEvidence): SplitOutcome {
  const { copy } = args as { copy: { part: string; final: string } };
  const revision = found["revision"];
  return {
    part: copy.part,
    database: copy.final,
    revision: typeof revision === "string" ? revision : undefined,
    tables: Number(found["tables"]),
    rows: Number(found["rows"]),
  };
}

/** The error to throw, when everything is back where it was or had to be left open. */
async function putBackAfter(run: SplitRun, error: unknown): Promise<unknown> {
  const { plan, evidence } = run.journal.state();
  const verified = plan.steps.filter(({ kind }) => kind === "verify-copy");
  const isPast = verified.every(({ id }) => evidence.has(id));
  if (!isPast) {
    try {
      // The user's Ctrl-C ended the plan, not what puts it back.
      await undo({ ...run, signal: new AbortController().signal });
      return isToolError(error) ? withHint(error, "Everything is as it was.") : error;
    } catch {
      // The journal says how far it came; the first error is the one that tells.
    }
  }
  if (!isToolError(error)) return error;
  const undoing = "put it back with: bulkhead db split --undo";
  return run.journal.state().stage === "undoing"
    ? withHint(error, `What the split changed is not all back yet: ${undoing}`)
    : withHint(error, `The split is open. Carry it on with: bulkhead db split --resume; or ${undoing}`);
}

function withHint(error: ToolError, more: string): ToolError {
  const { code, message, hint, detail, exitCode, cause } = error;
  return new ToolError(code, message, { hint: [hint, more].filter(Boolean).join("\n"), detail, exitCode, cause });
}

async function end({ journal, context }: SplitRun, outcome: "done" | "undone"): Promise<void> {
  await journal.append({ type: "end", outcome, time: new Date(context.io.clock.now()).toISOString() });
}

function planRun({ context, journal, signal, onMoment }: SplitRun): Parameters<typeof runPlan<SplitContext>>[0] {
  return {
    journal,
    kinds: splitKinds,
    signal,
    ...(onMoment === undefined ? {} : { onMoment }),
    context: (running) => ({
      ...context,
      application: applicationOf(journal),
      evidence: (step) => journal.state().evidence.get(step),
      signal: running,
    }),
  };
}

function withLock<T>({ context, journal, signal }: SplitRun, work: () => Promise<T>): Promise<T> {
  return withServerLock(
    { ...context, application: applicationOf(journal), signal: new AbortController().signal },
    () => {
      signal.throwIfAborted();
      return work();
    },
  );
}

function applicationOf(journal: Journal): string {
  return `bulkhead ${journal.state().plan.id}`;
}
