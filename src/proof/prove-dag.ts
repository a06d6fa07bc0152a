import type { ProofStep } from "../core/result-rows.ts";
import { pickLastWords } from "../stack/last-words.ts";
import type { App } from "../topology/topology.ts";
import { openAirflowApi, type AirflowApi } from "./airflow-api.ts";
import { openAirflowApp, type AirflowApp } from "./airflow-app.ts";
import { openMlflowApps, type MlflowApp } from "./mlflow-app.ts";
import { parseDag } from "./parse-dag.ts";
import { placeDag } from "./place-dag.ts";
import { runStep, type ProofContext, type StepOutcome } from "./proof-context.ts";
import { createProofNames, type ProofNames } from "./proof-names.ts";
import { removeAirflowTraces, removeMlflowTraces } from "./remove-traces.ts";
import { runDag } from "./run-dag.ts";
import { proveTaskLog } from "./task-log.ts";
import { proveArtifact } from "./prove-artifact.ts";
import { judgeStoredRun, readStoredRun, type StoredRun } from "./stored-run.ts";

interface DagProof {
  readonly airflow: AirflowApp;
  readonly mlflow: MlflowApp | undefined;
  readonly mlflows: readonly MlflowApp[];
  readonly names: ProofNames;
  readonly steps: ProofStep[];
  /** Where each unit's log ended when the proof began. */
  readonly logStarts: ReadonlyMap<string, number>;
}

/**
 * Proves an Airflow with the MLflow its tasks log to: a DAG placed, parsed, triggered and run by the real scheduler and
 * executor, its MLflow run, artifact and task log read back from outside, and everything removed again, also after a
 * failure or an interrupt. Ends at the first step that makes the later ones pointless.
 */
export async function proveDag(context: ProofContext, app: App): Promise<readonly ProofStep[]> {
  const { random } = context.session.home.ports;
  const airflow = await openAirflowApp(context, app);
  const environment = airflow.runner?.spec.env ?? {};
  const mlflows = await openMlflowApps(context, environment);
  const uri = environment["MLFLOW_TRACKING_URI"];
  const mlflow = chooseMlflow(mlflows, uri);
  const proof: DagProof = {
    airflow,
    mlflow,
    mlflows,
    names: createProofNames(random),
    steps: [],
    logStarts: await readLogEnds(context, airflow, mlflow),
  };
  const step = async (id: string, work: () => Promise<StepOutcome>): Promise<boolean | null> => {
    const done = await runStep(context, `${app.id}: ${id}`, async () => withLogLines(context, proof, await work()));
    proof.steps.push(done);
    return done.ok;
  };
  let api: AirflowApi | { readonly reason: string } | undefined;
  try {
    if ((await step("leftovers removed", () => removeTraces(context, proof, []))) === false) return proof.steps;
    const database = airflow.database;
    if (database === undefined) {
      await step("DAG run", async () => ({
        ok: null,
        evidence: `the metadata of ${app.id} is in no PostgreSQL of this project`,
      }));
      return proof.steps;
    }
    const clientUri = uri === undefined ? (mlflow?.clientUri ?? null) : null;
    const login = openAirflowApi(context, airflow, `${proof.names.id}_user`).catch((error: unknown) => ({
      reason: String(error),
    }));
    let placed: StepOutcome = { ok: null, evidence: "" };
    let triggered = false;
    const parsed = await step("DAG parsed", async () => {
      placed = await placeDag(context, airflow, proof.names, clientUri);
      if (placed.ok !== true) return placed;
      const outcome = await parseDag(context, airflow, database, proof.names);
      triggered = outcome.triggered;
      return outcome;
    });
    api = await login;
    if (parsed !== true) return proof.steps;
    const opened = "request" in api ? api : undefined;
    if (
      (await step("DAG run success", () =>
        runDag(context, airflow, database, { names: proof.names, api: opened, triggered }),
      )) !== true
    ) {
      return proof.steps;
    }
    await context.beforeVerification?.(proof.names);
    await verifyMlflow(context, proof, uri, step);
    const reader = api;
    await step("task log readable", () => proveTaskLog(context, airflow, reader, proof.names));
    return proof.steps;
  } finally {
    const sessions = api !== undefined && "request" in api ? api.sessions : [];
    await cleanUp(context, proof, sessions);
  }
}

/** The MLflow that `MLFLOW_TRACKING_URI` names; the first one when it is not set. */
function chooseMlflow(mlflows: readonly MlflowApp[], uri: string | undefined): MlflowApp | undefined {
  if (uri === undefined) return mlflows[0];
  if (!URL.canParse(uri)) return undefined;
  const { hostname } = new URL(uri);
  return mlflows.find(({ role }) => role.service.toLowerCase() === hostname.toLowerCase());
}

async function verifyMlflow(
  context: ProofContext,
  proof: DagProof,
  uri: string | undefined,
  step: (id: string, work: () => Promise<StepOutcome>) => Promise<boolean | null>,
): Promise<void> {
  const { mlflow, names, airflow } = proof;
  if (mlflow === undefined) {
    if (uri === undefined) return;
    await step("MLflow run stored", async () => ({
      ok: null,
      evidence: "MLFLOW_TRACKING_URI leads to no MLflow service of this project",
    }));
    return;
  }
  const remark = uri === undefined ? `; MLFLOW_TRACKING_URI is not set, ${mlflow.clientUri} was used` : "";
  let stored: StoredRun | undefined;
  await step(`run, parameter, metric stored in ${mlflow.id}`, async () => {
    stored = await readStoredRun(context, mlflow, names);
    const outcome = judgeStoredRun(mlflow, names, stored);
    return { ...outcome, evidence: outcome.evidence + remark };
  });
  await step(`artifact bytes in ${mlflow.id}`, () =>
    proveArtifact(context, mlflow, { names, stored, writer: airflow.runner }),
  );
}

/** Removes everything under a signal of its own: an interrupted proof cleans up too. */
async function cleanUp(context: ProofContext, proof: DagProof, sessions: readonly string[]): Promise<void> {
  const { clock } = context.session.home.ports;
  const own: ProofContext = { ...context, signal: new AbortController().signal, deadline: clock.now() + 60_000 };
  const done = await runStep(own, `${proof.airflow.id}: cleaned up`, async () => {
    const outcome = await removeTraces(own, proof, sessions);
    const left = await removeTraces(own, proof, []);
    return left.evidence === nothing
      ? outcome
      : { ok: false, evidence: `came back and was removed again: ${left.evidence}` };
  });
  proof.steps.push(done);
}

const nothing = "none";

async function removeTraces(context: ProofContext, proof: DagProof, sessions: readonly string[]): Promise<StepOutcome> {
  const found = [...(await removeAirflowTraces(context, proof.airflow, sessions))];
  for (const mlflow of proof.mlflows) found.push(...(await removeMlflowTraces(context, mlflow)));
  return { ok: true, evidence: found.length === 0 ? nothing : `removed ${found.join(", ")}` };
}

async function readLogEnds(
  context: ProofContext,
  airflow: AirflowApp,
  mlflow: MlflowApp | undefined,
): Promise<ReadonlyMap<string, number>> {
  const { files } = context.session.home.ports;
  const ends = new Map<string, number>();
  for (const { spec } of [...airflow.units, ...(mlflow === undefined ? [] : [mlflow])]) {
    ends.set(spec.logFile, (await files.stat(spec.logFile))?.size ?? 0);
  }
  return ends;
}

/** A failed step's evidence with the lines of the units' logs that name an error since the proof began. */
async function withLogLines(context: ProofContext, proof: DagProof, outcome: StepOutcome): Promise<StepOutcome> {
  if (outcome.ok !== false) return outcome;
  const { files } = context.session.home.ports;
  const units = [...proof.airflow.units, ...(proof.mlflow === undefined ? [] : [proof.mlflow])];
  const lines: string[] = [];
  for (const { role, spec } of units) {
    if (!(await files.exists(spec.logFile))) continue;
    const bytes = await files.readBytes(spec.logFile);
    const text = new TextDecoder().decode(bytes.slice(proof.logStarts.get(spec.logFile) ?? 0));
    if (!/error|exception|critical|fatal/i.test(text)) continue;
    lines.push(...pickLastWords(text, 3).map((line) => `${role.service}: ${line.trim()}`));
  }
  return lines.length === 0 ? outcome : { ...outcome, evidence: [outcome.evidence, ...lines].join("\n") };
}
