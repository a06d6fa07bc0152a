import { askMlflow, type MlflowApp } from "./mlflow-app.ts";
import type { ProofContext } from "./proof-context.ts";
import type { ProofNames } from "./proof-names.ts";

/**
 * Logs the proof's run from outside, as a client without MLflow's library does. Returns false for the artifact when
 * MLflow leaves artifacts to its clients, so that no request can store one.
 */
export async function logThroughRest(
  context: ProofContext,
  mlflow: MlflowApp,
  names: ProofNames,
): Promise<{ readonly artifact: boolean }> {
  const { clock } = context.session.home.ports;
  const post = async <T>(name: string, body: unknown): Promise<T> => {
    const path = `/api/2.0/mlflow/${name}`;
    const answer = await askMlflow(context, mlflow, { method: "POST", path, body: JSON.stringify(body) });
    return JSON.parse(answer.text) as T;
  };
  const created = await post<{ experiment_id: string }>("experiments/create", { name: names.id });
  const { run } = await post<{ run: { info: { run_id: string; artifact_uri: string } } }>("runs/create", {
    experiment_id: created.experiment_id,
    start_time: clock.now(),
  });
  const { run_id, artifact_uri } = run.info;
  const own = { run_id, run_uuid: run_id };
  await post("runs/log-parameter", { ...own, key: "proof", value: names.parameter });
  await post("runs/log-metric", { ...own, key: "proof", value: names.metric, timestamp: clock.now(), step: 0 });
  const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/.exec(artifact_uri)?.[1];
  if (proxied !== undefined) {
    await askMlflow(context, mlflow, {
      method: "PUT",
      path: `/api/2.0/mlflow-artifacts/artifacts/${proxied}/${names.artifact.name}`,
      headers: { "content-type": "application/octet-stream" },
      body: names.artifact.text,
    });
  }
  await post("runs/update", { ...own, status: "FINISHED", end_time: clock.now() });
  return { artifact: proxied !== undefined };
}
