import type { ProofStep } from "../core/result-rows.ts";
import type { AirflowService } from "./airflow-app.ts";
import { logThroughRest } from "./log-through-rest.ts";
import { openMlflowApps, type MlflowApp } from "./mlflow-app.ts";
import type { ProofContext } from "./proof-context.ts";
import { runProof, type ProofRun } from "./proof-run.ts";
import { proveArtifact } from "./prove-artifact.ts";
import { judgeStoredRun, readStoredRun, type StoredRun } from "./stored-run.ts";

/** The run that `writer` logged stands in MLflow's store, and its artifact comes back. `remark` goes with the evidence. */
export async function verifyMlflow(
  context: ProofContext,
  mlflow: MlflowApp,
  proof: ProofRun,
  logged: {
    readonly by: string;
    readonly writer: AirflowService | undefined;
    readonly artifact: boolean;
    readonly remark: string;
  },
): Promise<void> {
  const { names, step } = proof;
  const by = logged.by === "airflow" || logged.by === mlflow.id ? "" : ` (from ${logged.by})`;
  let stored: StoredRun | undefined;
  await step(`${mlflow.id}: run, parameter, metric stored${by}`, async () => {
    stored = await readStoredRun(context, mlflow, names);
    const outcome = judgeStoredRun(mlflow, names, stored);
    return { ...outcome, evidence: outcome.evidence + logged.remark };
  });
  await step(`${mlflow.id}: artifact bytes${by}`, async () =>
    logged.artifact
      ? proveArtifact(context, mlflow, { names, stored, writer: logged.writer })
      : { ok: null, evidence: `${mlflow.role.service} leaves artifacts to its clients, and none was at work` },
  );
}

/** Logs a run from outside through REST and verifies it: what is left where no DAG can be run. */
export async function proveMlflowFromOutside(context: ProofContext, mlflow: MlflowApp, proof: ProofRun): Promise<void> {
  let artifact = false;
  const logged = await proof.step(`${mlflow.id}: run logged from outside`, async () => {
    ({ artifact } = await logThroughRest(context, mlflow, proof.names));
    return { ok: true, evidence: `through the REST interface of ${mlflow.role.service}` };
  });
  if (logged === true)
    await verifyMlflow(context, mlflow, proof, { by: mlflow.id, writer: undefined, artifact, remark: "" });
}

/** Proves the MLflow servers of a project without Airflow. */
export async function proveMlflows(context: ProofContext): Promise<readonly ProofStep[]> {
  const steps: ProofStep[] = [];
  for (const mlflow of await openMlflowApps(context, {})) {
    const subject = { id: mlflow.id, airflow: undefined, mlflows: [mlflow] };
    steps.push(...(await runProof(context, subject, (proof) => proveMlflowFromOutside(context, mlflow, proof))));
  }
  return steps;
}
