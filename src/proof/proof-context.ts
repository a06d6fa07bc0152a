import type { ProofStep } from "../core/result-rows.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import type { ServiceAccess } from "../engine/service-access.ts";
import type { Session } from "../engine/session.ts";
import type { ProofNames } from "./proof-names.ts";

/** What every part of one proof works with. */
export interface ProofContext {
  readonly session: Session;
  readonly ports: PortTable;
  /** The way to a service; undefined where it does not run now. */
  readonly open: (service: string) => Promise<ServiceAccess | undefined>;
  /** Epoch milliseconds after which nothing is waited for any more. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** For tests of the proof: called once, after the DAG run and before anything is verified. */
  readonly beforeVerification?: (names: ProofNames) => Promise<void>;
}

/** What a step found: `ok` null when it could not be judged. */
export interface StepOutcome {
  readonly ok: boolean | null;
  readonly evidence: string;
}

/** Runs one step: timed, told as it begins and ends. A thrown error is a failed step with the error as evidence. */
export async function runStep(context: ProofContext, id: string, step: () => Promise<StepOutcome>): Promise<ProofStep> {
  const { emit, ports } = context.session.home;
  const begun = ports.clock.now();
  emit({ type: "step", id, outcome: "running" });
  let outcome: StepOutcome;
  try {
    outcome = await step();
    // What failed because it was interrupted says nothing about the stack.
    if (outcome.ok !== true) context.signal.throwIfAborted();
  } catch (error) {
    context.signal.throwIfAborted();
    outcome = { ok: false, evidence: error instanceof Error ? error.message : String(error) };
  }
  const seconds = (ports.clock.now() - begun) / 1000;
  emit({
    type: "step",
    id,
    outcome: outcome.ok === null ? "unknown" : outcome.ok ? "ok" : "failed",
    seconds,
    evidence: outcome.evidence,
  });
  return { id, ...outcome, seconds };
}

/** Asks until an answer comes; undefined when none came within `limitMs` or before the proof's own end. */
export async function pollFor<T>(
  context: Pick<ProofContext, "session" | "deadline" | "signal">,
  limitMs: number,
  ask: () => Promise<T | undefined>,
  everyMs = 100,
): Promise<T | undefined> {
  const { clock } = context.session.home.ports;
  const until = Math.min(clock.now() + limitMs, context.deadline);
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || clock.now() >= until) return answer;
    await clock.sleep(everyMs, context.signal);
  }
}
