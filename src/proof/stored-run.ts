import { askMlflow, type MlflowApp } from "./mlflow-app.ts";
import type { ProofContext, StepOutcome } from "./proof-context.ts";
import type { ProofNames } from "./proof-names.ts";
import { queryApp } from "./query-app.ts";

/** What MLflow holds of the proof's run. */
export interface StoredRun {
  readonly run: string;
  readonly experiment: string;
  readonly status: string;
  readonly artifactUri: string;
  readonly parameter: string | undefined;
  readonly metric: number | undefined;
}

/** The run of the proof's experiment: by SQL where the store is a PostgreSQL of this project, else through REST. */
export async function readStoredRun(
  context: ProofContext,
  mlflow: MlflowApp,
  names: ProofNames,
): Promise<StoredRun | undefined> {
  if (mlflow.database === undefined) return readThroughRest(context, mlflow, names);
  return queryApp(context.session.home.ports.sql, mlflow.database, async (session) => {
    const [row] = (await session.query(
      `select r.run_uuid as run, r.experiment_id::text as experiment, r.status, r.artifact_uri as uri, p.value as parameter, m.value as metric
         from experiments e join runs r on r.experiment_id = e.experiment_id
         left join params p on p.run_uuid = r.run_uuid and p.key = 'proof'
         left join metrics m on m.run_uuid = r.run_uuid and m.key = 'proof'
        where e.name = $1`,
      [names.id],
    )) as readonly {
      run: string;
      experiment: string;
      status: string;
      uri: string;
      parameter: string | null;
      metric: number | null;
    }[];
    if (row === undefined) return undefined;
    const { run, experiment, status, uri } = row;
    return {
      run,
      experiment,
      status,
      artifactUri: uri,
      parameter: row.parameter ?? undefined,
      metric: row.metric ?? undefined,
    };
  });
}

async function readThroughRest(
  context: ProofContext,
  mlflow: MlflowApp,
  names: ProofNames,
): Promise<StoredRun | undefined> {
  const api = "/api/2.0/mlflow";
  const found = await askMlflow(context, mlflow, {
    path: `${api}/experiments/get-by-name?experiment_name=${names.id}`,
  });
  const { experiment } = JSON.parse(found.text) as { experiment: { experiment_id: string } };
  const body = JSON.stringify({ experiment_ids: [experiment.experiment_id] });
  const answer = await askMlflow(context, mlflow, { method: "POST", path: `${api}/runs/search`, body });
  const { runs } = JSON.parse(answer.text) as {
    runs?: {
      info: { run_uuid: string; status: string; artifact_uri: string };
      data: { params?: { key: string; value: string }[]; metrics?: { key: string; value: number }[] };
    }[];
  };
  const run = runs?.[0];
  if (run === undefined) return undefined;
  return {
    run: run.info.run_uuid,
    experiment: experiment.experiment_id,
    status: run.info.status,
    artifactUri: run.info.artifact_uri,
    parameter: run.data.params?.find(({ key }) => key === "proof")?.value,
    metric: run.data.metrics?.find(({ key }) => key === "proof")?.value,
  };
}

/** The run, its parameter and its metric stand in MLflow's store with the values the task logged. */
export function judgeStoredRun(mlflow: MlflowApp, names: ProofNames, stored: StoredRun | undefined): StepOutcome {
  const where =
    mlflow.database === undefined ? `the API of ${mlflow.role.service}` : `database ${mlflow.database.database}`;
  if (stored === undefined) return { ok: false, evidence: `no run of experiment ${names.id} in ${where}` };
  const faults = [
    stored.status === "FINISHED" ? "" : `the run is ${stored.status}`,
    stored.parameter === names.parameter
      ? ""
      : `parameter proof is ${stored.parameter ?? "missing"}, logged was ${names.parameter}`,
    stored.metric === names.metric ? "" : `metric proof is ${stored.metric ?? "missing"}, logged was ${names.metric}`,
  ].filter((fault) => fault !== "");
  const found = `run ${stored.run} in ${where}`;
  return faults.length === 0
    ? { ok: true, evidence: `${found}: parameter ${names.parameter}, metric ${names.metric}` }
    : { ok: false, evidence: `${found}: ${faults.join("; ")}` };
}
