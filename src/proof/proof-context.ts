import type { ProofStep } from "../core/result-rows.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import type { PortTable } from "../engine/native/plan-ports.ts";
import type { Supplies } from "../engine/native/supply-services.ts";

/** What every part of one proof works with. */
export interface ProofContext {
  readonly session: NativeSession;
  readonly ports: PortTable;
  readonly supplies: Supplies;
  /** Epoch milliseconds after which nothing is waited for any more. */
  readonly deadline: number;
  readonly signal: AbortSignal;
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
  } catch (error) {
    context.signal.throwIfAborted();
    outcome = { ok: false, evidence: error instanceof Error ? error.message : String(error) };
  }
  const seconds = (ports.clock.now() - begun) / 1000;
  emit({ type: "step", id, outcome: outcome.ok === null ? "unknown" : outcome.ok ? "ok" : "failed", seconds, evidence: outcome.evidence });
  return { id, ...outcome, seconds };
}
