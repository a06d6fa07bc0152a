import { isHttpFailure } from "../ports/http.ts";
import type { AirflowApi } from "./airflow-api.ts";
import type { AirflowApp } from "./airflow-app.ts";
import { readTaskLogFile } from "./task-log.ts";
import { runProgram } from "./parse-dag.ts";
import { pollFor, type ProofContext, type StepOutcome } from "./proof-context.ts";
import type { ProofNames } from "./proof-names.ts";
import { queryApp } from "./query-app.ts";

/** Makes the DAG run: through the API of 3.x where a login works, else with Airflow's own code. Throws why not. */
async function triggerDag(
  context: ProofContext,
  airflow: AirflowApp,
  api: AirflowApi | undefined,
  names: ProofNames,
): Promise<string> {
  if (api !== undefined && airflow.major >= 3) {
    const path = `/api/v2/dags/${names.id}/dagRuns`;
    const answer = await api.request("POST", path, { dag_run_id: names.id, logical_date: null });
    if (!isHttpFailure(answer) && answer.status === 200) return "triggered through the API";
  }
  const result = await runProgram(context, airflow, { file: null, dag: names.id, run: names.id });
  if (!result.triggered) throw new Error(`could not be triggered: ${result.reason}`);
  return `triggered in the environment of ${airflow.parser?.role.service ?? airflow.id}`;
}

/**
 * Triggers the DAG unless that was done and waits until Airflow's own database says how its run ended. A run that failed
 * comes with the lines of its task's log.
 */
export async function runDag(
  context: ProofContext,
  airflow: AirflowApp,
  run: { readonly names: ProofNames; readonly api: AirflowApi | undefined; readonly triggered: boolean },
): Promise<StepOutcome> {
  const { names } = run;
  const how = run.triggered ? "triggered" : await triggerDag(context, airflow, run.api, names);
  return queryApp(context.session.home.ports.sql, airflow.database, async (session) => {
    let seen = "no row in dag_run";
    const ended = await pollFor(context, Infinity, async () => {
      const [row] = await session.query("select state from dag_run where dag_id = $1 and run_id = $2", [
        names.id,
        names.id,
      ]);
      if (row === undefined) return undefined;
      seen = `its dag_run is ${String(row["state"])}`;
      return row["state"] === "success" || row["state"] === "failed" ? row["state"] : undefined;
    });
    if (ended === "success") return { ok: true, evidence: `${how}; dag_run and its task are success` };
    const tasks = await session.query(
      "select coalesce(state, 'not scheduled') as state from task_instance where dag_id = $1",
      [names.id],
    );
    const task = tasks.length === 0 ? "not made" : String(tasks[0]?.["state"]);
    const runner = airflow.runner?.role.service ?? "nothing";
    const lines = [
      ended === undefined
        ? `${how}, but not ended in time: ${seen}, its task is ${task} (tasks run in ${runner})`
        : `${how}; dag_run is failed, its task is ${task}`,
      ...(await readTaskLogFile(airflow, names)),
    ];
    return { ok: false, evidence: lines.join("\n") };
  });
}
