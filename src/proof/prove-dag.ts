import type { ProofStep } from "../core/result-rows.ts";
import type { App } from "../topology/topology.ts";
import { openAirflowApi, type AirflowApi } from "./airflow-api.ts";
import { openAirflowApp, type AirflowApp } from "./airflow-app.ts";
import { openMlflowApps, type MlflowApp } from "./mlflow-app.ts";
import { parseDag } from "./parse-dag.ts";
import { placeDag } from "./place-dag.ts";
import type { ProofContext } from "./proof-context.ts";
import { runProof, type ProofRun } from "./proof-run.ts";
import { proveMlflowFromOutside, verifyMlflow } from "./prove-mlflow.ts";
import { runDag } from "./run-dag.ts";
import { readStoredRun } from "./stored-run.ts";
import { proveTaskLog } from "./task-log.ts";

/**
 * Proves an Airflow with the MLflow its tasks log to: a DAG placed, parsed, triggered and run by the real scheduler and
 * executor, its MLflow run, artifact and task log read back from outside, and everything removed again. Ends at a step
 * that makes the later ones pointless; where no DAG can be placed, MLflow is still proven from outside.
 */
export async function proveDag(context: ProofContext, app: App): Promise<readonly ProofStep[]> {
  const airflow = await openAirflowApp(context, app);
  // Jobs alone: an app that nothing keeps running has nothing to prove.
  const roles = app.services.map((service) => context.session.topology.services[service]);
  if (roles.every((role) => role?.component?.oneShot === true)) return [];
  const environment = airflow.runner?.access.env ?? {};
  const mlflows = await openMlflowApps(context, environment);
  const uri = environment["MLFLOW_TRACKING_URI"];
  const mlflow = chooseMlflow(mlflows, uri);
  let artifactUri: string | undefined;
  const loginEnd = new AbortController();
  let login: Promise<AirflowApi | { readonly reason: string }> | undefined;

  const work = async (proof: ProofRun): Promise<void> => {
    const refusal = refuseDag(airflow);
    if (refusal !== undefined) {
      await proof.step(`${airflow.id}: DAG parsed`, async () => refusal);
      if (mlflow !== undefined) await proveMlflowFromOutside(context, mlflow, proof);
      return;
    }
    // While the DAG is parsed: hashing a password takes Airflow a while.
    const own = { ...context, signal: AbortSignal.any([context.signal, loginEnd.signal]) };
    login = openAirflowApi(own, airflow, `${proof.names.id}_user`).catch((error: unknown) => ({
      reason: String(error),
    }));
    const parsed = await parseStep(context, airflow, mlflow, proof, uri);
    if (parsed.ok === null && mlflow !== undefined) await proveMlflowFromOutside(context, mlflow, proof);
    if (parsed.ok !== true) return;
    const opened = login;
    const ran = await proof.step(`${airflow.id}: DAG run success`, async () => {
      // Only 3.x is triggered through the API.
      const api = airflow.major >= 3 ? await opened : undefined;
      const usable = api !== undefined && "request" in api ? api : undefined;
      return runDag(context, airflow, { names: proof.names, api: usable, triggered: parsed.triggered });
    });
    if (ran !== true) return;
    if (mlflow !== undefined)
      artifactUri = (await readStoredRun(context, mlflow, proof.names).catch(() => undefined))?.artifactUri;
    await context.beforeVerification?.(proof.names);
    if (mlflow !== undefined) {
      const remark = uri === undefined ? `; MLFLOW_TRACKING_URI is not set, ${mlflow.clientUri} was used` : "";
      await verifyMlflow(context, mlflow, proof, { by: airflow.id, writer: airflow.runner, artifact: true, remark });
    } else if (uri !== undefined) {
      const evidence = "MLFLOW_TRACKING_URI leads to no running MLflow service of this project";
      await proof.step(`${airflow.id}: MLflow run stored`, async () => ({ ok: null, evidence }));
    }
    await proof.step(`${airflow.id}: task log readable`, async () =>
      proveTaskLog(context, airflow, await opened, proof.names),
    );
  };
  // A login under way may still make a user or a session.
  const settled = async (): Promise<string | undefined> => {
    loginEnd.abort();
    await login;
    return artifactUri;
  };
  return runProof(context, { id: app.id, airflow, mlflows }, work, settled);
}

/** Why no DAG can be run or followed here; undefined when it can. */
function refuseDag(airflow: AirflowApp): { ok: boolean | null; evidence: string } | undefined {
  if (airflow.scheduler === undefined)
    return { ok: false, evidence: `no scheduler of ${airflow.id} runs, so no DAG ever would` };
  if (airflow.database !== undefined) return undefined;
  return {
    ok: null,
    evidence: `the metadata of ${airflow.id} is in no PostgreSQL of this project, so a run cannot be followed`,
  };
}

async function parseStep(
  context: ProofContext,
  airflow: AirflowApp,
  mlflow: MlflowApp | undefined,
  proof: ProofRun,
  uri: string | undefined,
): Promise<{ ok: boolean | null; triggered: boolean }> {
  const clientUri = uri === undefined ? (mlflow?.clientUri ?? null) : null;
  let triggered = false;
  const ok = await proof.step(`${airflow.id}: DAG parsed`, async () => {
    const placed = await placeDag(context, airflow, proof.names, clientUri);
    if (placed.ok !== true) return placed;
    const { triggered: isTriggered, ...outcome } = await parseDag(context, airflow, proof.names);
    triggered = isTriggered;
    return outcome;
  });
  return { ok, triggered };
}

/** The MLflow that `MLFLOW_TRACKING_URI` names; the first one when it is not set. */
function chooseMlflow(mlflows: readonly MlflowApp[], uri: string | undefined): MlflowApp | undefined {
  if (uri === undefined) return mlflows[0];
  if (!URL.canParse(uri)) return undefined;
  const { hostname } = new URL(uri);
  return mlflows.find(({ names }) => names.includes(hostname.toLowerCase()));
}
