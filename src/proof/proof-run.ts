import type { ProofStep } from "../core/result-rows.ts";
import { pickLastWords } from "../stack/last-words.ts";
import type { AirflowApp } from "./airflow-app.ts";
import type { MlflowApp } from "./mlflow-app.ts";
import { runStep, type ProofContext, type StepOutcome } from "./proof-context.ts";
import { createProofNames, type ProofNames } from "./proof-names.ts";
import { removeAirflowTraces } from "./remove-airflow-traces.ts";
import { removeMlflowTraces } from "./remove-mlflow-traces.ts";

/** One proof of an app: its steps so far and how the next one is run. */
export interface ProofRun {
  readonly names: ProofNames;
  readonly steps: readonly ProofStep[];
  /** Runs one step; a failed one's evidence comes with the lines of the services' logs. */
  readonly step: (id: string, work: () => Promise<StepOutcome>) => Promise<boolean | null>;
}

/** What a proof works on, and where it leaves traces. */
interface ProofSubject {
  readonly id: string;
  readonly airflow: AirflowApp | undefined;
  readonly mlflows: readonly MlflowApp[];
}

const nothing = "none";

/**
 * A proof with its surroundings: leftovers of a killed one are removed first, and everything it made at the end, also
 * after a failure and, under a signal of its own, after an interrupt. `artifactUri` tells where
 * the run's artifacts lie, should its row be gone, once nothing of the work is under way any more.
 */
export async function runProof(
  context: ProofContext,
  subject: ProofSubject,
  work: (run: ProofRun) => Promise<void>,
  artifactUri: () => Promise<string | undefined> = async () => undefined,
): Promise<readonly ProofStep[]> {
  const { clock, random } = context.session.home.ports;
  const logs = await openLogs(subject);
  const steps: ProofStep[] = [];
  const step = async (on: ProofContext, id: string, one: () => Promise<StepOutcome>): Promise<boolean | null> => {
    const done = await runStep(on, id, async () => logs.explain(await attempt(on, one)));
    steps.push(done);
    return done.ok;
  };
  try {
    const ready = await step(context, `${subject.id}: leftovers removed`, () => removeTraces(context, subject));
    if (ready !== false) {
      await work({ names: createProofNames(random), steps, step: (id, one) => step(context, id, one) });
    }
  } finally {
    const own: ProofContext = { ...context, signal: new AbortController().signal, deadline: clock.now() + 60_000 };
    await step(own, `${subject.id}: cleaned up`, async () => {
      const outcome = await removeTraces(own, subject, await artifactUri());
      const left = await removeTraces(own, subject);
      return left.evidence === nothing
        ? outcome
        : { ok: false, evidence: `came back and was removed again: ${left.evidence}` };
    });
  }
  return steps;
}

async function attempt(context: ProofContext, work: () => Promise<StepOutcome>): Promise<StepOutcome> {
  try {
    return await work();
  } catch (error) {
    context.signal.throwIfAborted();
    return { ok: false, evidence: error instanceof Error ? error.message : String(error) };
  }
}

async function removeTraces(context: ProofContext, subject: ProofSubject, artifactUri?: string): Promise<StepOutcome> {
  const found = subject.airflow === undefined ? [] : [...(await removeAirflowTraces(context, subject.airflow))];
  for (const mlflow of subject.mlflows)
    found.push(...(await removeMlflowTraces(context, { mlflow, writer: subject.airflow?.runner, artifactUri })));
  return { ok: true, evidence: found.length === 0 ? nothing : `removed ${found.join(", ")}` };
}

/** The logs of the subject's services from now on. */
async function openLogs(
  subject: ProofSubject,
): Promise<{ readonly explain: (outcome: StepOutcome) => Promise<StepOutcome> }> {
  const logs = await Promise.all(
    [...(subject.airflow?.services ?? []), ...subject.mlflows].map(async ({ access }) => ({
      service: access.service,
      read: await access.markLog(),
    })),
  );
  return {
    explain: async (outcome) => {
      if (outcome.ok !== false) return outcome;
      const lines: string[] = [];
      for (const { service, read } of logs) {
        const text = await read();
        if (/error|exception|critical|fatal/i.test(text))
          lines.push(...pickLastWords(text, 3).map((line) => `${service}: ${line.trim()}`));
      }
      return lines.length === 0 ? outcome : { ...outcome, evidence: [outcome.evidence, ...lines].join("\n") };
    },
  };
}
