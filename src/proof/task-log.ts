import { join } from "node:path";

import { isHttpFailure } from "../ports/http.ts";
import { pickLastWords } from "../stack/last-words.ts";
import type { AirflowApi } from "./airflow-api.ts";
import { airflowHome, type AirflowApp } from "./airflow-app.ts";
import { pollFor, type ProofContext, type StepOutcome } from "./proof-context.ts";
import { proofPrefix, proofTask, type ProofNames } from "./proof-names.ts";

/** The word that the task printed comes back through Airflow's API. Null when nobody could be logged in. */
export async function proveTaskLog(
  context: ProofContext,
  airflow: AirflowApp,
  api: AirflowApi | { readonly reason: string },
  names: ProofNames,
): Promise<StepOutcome> {
  if ("reason" in api) return { ok: null, evidence: `no login to Airflow's API: ${api.reason}` };
  const root = airflow.major >= 3 ? "/api/v2" : "/api/v1";
  const path = `${root}/dags/${names.id}/dagRuns/${names.id}/taskInstances/${proofTask}/logs/1?full_content=true`;
  let reason = "";
  // A remote or buffered handler may show the last lines a moment after the task's end.
  const text = await pollFor(context, 3_000, async () => {
    const answer = await api.request("GET", path);
    if (isHttpFailure(answer)) reason = answer.reason;
    else if (answer.status !== 200) reason = `${path} answered ${answer.status}: ${answer.text.slice(0, 200)}`;
    else if (answer.text.includes(names.word)) return answer.text;
    else reason = `the log lacks the word the task printed; it holds: ${shorten(answer.text)}`;
    return undefined;
  });
  return text === undefined
    ? { ok: false, evidence: `as ${api.as}: ${reason}` }
    : { ok: true, evidence: `as ${api.as}: ${text.length} characters, the task's own word among them` };
}

function shorten(text: string): string {
  const flat = text.replace(/\s+/g, " ");
  return flat.length > 400 ? `...${flat.slice(-400)}` : flat;
}

/** Folders in which an Airflow unit keeps logs: of tasks and of the DAG processor. */
function logFolders(airflow: AirflowApp): readonly string[] {
  const folders = airflow.units.flatMap((unit) => {
    const { env } = unit.spec;
    const base = env["AIRFLOW__LOGGING__BASE_LOG_FOLDER"] ?? join(airflowHome(unit), "logs");
    const processor =
      env["AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY"] ??
      env["AIRFLOW__SCHEDULER__CHILD_PROCESS_LOG_DIRECTORY"];
    const own = join(airflowHome(unit), "logs");
    return [base, own, ...(processor === undefined ? [] : [processor])];
  });
  return [...new Set(folders)];
}

/** The last lines of the task's log file, as `service: line`. */
export async function readTaskLogFile(
  context: ProofContext,
  airflow: AirflowApp,
  names: ProofNames,
): Promise<readonly string[]> {
  const { files } = context.session.home.ports;
  for (const folder of logFolders(airflow)) {
    const path = join(folder, `dag_id=${names.id}`, `run_id=${names.id}`, `task_id=${proofTask}`, "attempt=1.log");
    const text = await files.readTextIfPresent(path);
    if (text !== undefined) return ["its task's log:", ...pickLastWords(text, 12).map((line) => `  ${line}`)];
  }
  return [];
}

/** Removes the log files of this and earlier proofs: of their tasks, and of the processor that parsed their DAGs. */
export async function removeLogFiles(context: ProofContext, airflow: AirflowApp): Promise<readonly string[]> {
  const { files } = context.session.home.ports;
  const removed: string[] = [];
  const clear = async (folder: string, depth: number): Promise<void> => {
    if ((await files.stat(folder))?.kind !== "directory") return;
    for (const name of await files.list(folder)) {
      const path = join(folder, name);
      if (name.replace(/^dag_id=/, "").startsWith(proofPrefix)) {
        await files.remove(path);
        removed.push(path);
      } else if (depth > 0 && (depth < 3 || name === "scheduler" || name === "dag_processor")) {
        // Below `scheduler/DATE/` and `dag_processor/DATE/BUNDLE/` only: the tasks of other DAGs are not looked through.
        await clear(path, depth - 1);
      }
    }
  };
  for (const folder of logFolders(airflow)) {
    if (await files.exists(folder)) await clear(await files.realPath(folder), 3);
  }
  return removed;
}
