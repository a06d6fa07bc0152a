import { isToolError, ToolError } from "../../core/tool-error.ts";
import type { Journal, PlanOutcome } from "../../plan/journal.ts";
import { runPlan, type StepMoment } from "../../plan/run-plan.ts";
import type { Step, StepEvidence } from "../../plan/step.ts";
import { undoPlan } from "../../plan/undo-plan.ts";
import { quoteName } from "../quote-sql.ts";
import { endSessions } from "./end-sessions.ts";
import { findByOid } from "./find-database.ts";
import { inDatabase } from "./in-database.ts";
import type { SplitContext } from "./split-context.ts";
import { splitKinds } from "./split-kinds.ts";
import type { SplitStepArgs } from "./split-steps.ts";
import { withServerLock, type ServerLock } from "./with-server-lock.ts";

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
  return withLock(run, async (lock) => {
    try {
      await runPlan(planRun(run, lock));
      await lock.assertHeld();
    } catch (error) {
      throw await putBackAfter(run, lock, error);
    }
    await end(run, "done");
    return outcomesOf(run.journal);
  });
}

/** Puts back what an open or finished split changed. */
export function undoSplit(run: SplitRun): Promise<void> {
  return withLock(run, (lock) => undo(run, lock));
}

async function undo(run: SplitRun, lock: ServerLock): Promise<void> {
  const { signal, context, journal } = run;
  const { plan, begun } = journal.state();
  const isUntouched = plan.steps.every(({ id, kind }) => kind === "claim-database" || !begun.has(id));
  for (const { kind, args } of plan.steps) {
    // Since the split they may have been started again; what they write from here on would be lost.
    if (kind !== "stop-writers" || isUntouched) continue;
    await context.project?.stop((args as SplitStepArgs["stop-writers"]).services, signal);
  }
  await undoPlan(planRun(run, lock));
  await end(run, "undone");
}

/**
 * Removes the original that a finished split kept, and what was written down to go back to it.
 *
 * @throws ToolError POSTGRES_FAILED when somebody is in it
 */
export function finishSplit(run: SplitRun): Promise<void> {
  return withLock(run, async () => {
    const { journal } = run;
    const context = splitContext(run);
    const { steps } = journal.state().plan;
    const { oid } = (steps.find(({ kind }) => kind === "set-aside")?.args ?? {}) as { oid?: number };
    if (oid === undefined) throw new Error(`${journal.path} sets no database aside`);
    await inDatabase(context, context.maintenance, async (session) => {
      const kept = await findByOid(session, oid);
      if (kept === undefined) return;
      await endSessions(context, session, kept.name, false);
      await session.query(`DROP DATABASE IF EXISTS ${quoteName(kept.name)}`);
    });
    for (const { kind, args } of steps) {
      if (kind !== "edit-files") continue;
      for (const file of (args as unknown as SplitStepArgs["edit-files"]).files) {
        await context.io.files.remove(file.keptBefore);
        await context.io.files.remove(file.keptAfter);
      }
    }
    await end(run, "finished");
  });
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
async function putBackAfter(run: SplitRun, lock: ServerLock, error: unknown): Promise<unknown> {
  const { plan, evidence } = run.journal.state();
  const verified = plan.steps.filter(({ kind }) => kind === "verify-copy");
  const isPast = verified.every(({ id }) => evidence.has(id));
  if (!isPast && (await isReachable(run))) {
    try {
      // The user's Ctrl-C ended the plan, not what puts it back.
      const back = { ...run, signal: new AbortController().signal };
      const isHeld = await lock.assertHeld().then(
        () => true,
        () => false,
      );
      await (isHeld ? undo(back, lock) : undoSplit(back));
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

const reachTries = 20;

/** False when the server does not come back within seconds: then the plan stays as it is, to be carried on or put back. */
async function isReachable(run: SplitRun): Promise<boolean> {
  const { context } = run;
  const signal = new AbortController().signal;
  for (let tries = 0; tries < reachTries; tries++) {
    try {
      await inDatabase(splitContext({ ...run, signal }), context.maintenance, (session) => session.query("SELECT"));
      return true;
    } catch {
      await context.io.clock.sleep(250);
    }
  }
  return false;
}

function withHint(error: ToolError, more: string): ToolError {
  const { code, message, hint, detail, exitCode, cause } = error;
  return new ToolError(code, message, { hint: [hint, more].filter(Boolean).join("\n"), detail, exitCode, cause });
}

async function end({ journal, context }: SplitRun, outcome: PlanOutcome): Promise<void> {
  await journal.append({ type: "end", outcome, time: new Date(context.io.clock.now()).toISOString() });
}

/** What the steps of a journal's plan see, for what is asked besides them. */
export function splitContext({ context, journal, signal }: SplitRun): SplitContext {
  return {
    ...context,
    application: applicationOf(journal),
    evidence: (step) => journal.state().evidence.get(step),
    signal,
  };
}

/** No step begins once the lock is lost: the server may be back, and somebody else at work on it. */
function planRun(run: SplitRun, lock: ServerLock): Parameters<typeof runPlan<SplitContext>>[0] {
  return {
    journal: run.journal,
    kinds: splitKinds,
    signal: run.signal,
    onMoment: async (moment, step) => {
      await run.onMoment?.(moment, step);
      if (moment === "before") await lock.assertHeld();
    },
    context: (signal) => splitContext({ ...run, signal }),
  };
}

function withLock<T>({ context, journal, signal }: SplitRun, work: (lock: ServerLock) => Promise<T>): Promise<T> {
  return withServerLock(
    { ...context, application: applicationOf(journal), signal: new AbortController().signal },
    (lock) => {
      signal.throwIfAborted();
      return work(lock);
    },
  );
}

function applicationOf(journal: Journal): string {
  return `bulkhead ${journal.state().plan.id}`;
}
