import { join } from "node:path";

import { isHttpFailure } from "../ports/http.ts";
import { pickLastWords } from "../stack/last-words.ts";
import type { AirflowApi } from "./airflow-api.ts";
import { airflowHome, type AirflowApp, type AirflowService } from "./airflow-app.ts";
import { pollFor, type ProofContext, type StepOutcome } from "./proof-context.ts";
import { proofIdPattern, proofTask, type ProofNames } from "./proof-names.ts";

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

/** Folders in which a service of Airflow keeps the logs of tasks, and below these or apart those of the DAG processor. */
function logFolders(service: AirflowService): {
  readonly tasks: readonly string[];
  readonly processor: readonly string[];
} {
  const { env } = service.access;
  const own = join(airflowHome(service), "logs");
  const bases = [...new Set([env["AIRFLOW__LOGGING__BASE_LOG_FOLDER"] ?? own, own])];
  const set = [
    "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY",
    "AIRFLOW__SCHEDULER__CHILD_PROCESS_LOG_DIRECTORY",
  ].flatMap((variable) => env[variable] ?? []);
  const processor = bases.flatMap((base) => [join(base, "dag_processor"), join(base, "scheduler")]);
  return { tasks: bases, processor: [...new Set([...set, ...processor])] };
}

/** The last lines of the task's log file, as `service: line`. */
export async function readTaskLogFile(airflow: AirflowApp, names: ProofNames): Promise<readonly string[]> {
  for (const service of airflow.services) {
    for (const folder of logFolders(service).tasks) {
      const path = join(folder, `dag_id=${names.id}`, `run_id=${names.id}`, `task_id=${proofTask}`, "attempt=1.log");
      const text = await service.access.files.readTextIfPresent(path);
      if (text !== undefined)
        return ["its task's log:", ...pickLastWords(readEvents(text), 12).map((line) => `  ${line}`)];
    }
  }
  return [];
}

/** The log of 3.x, a JSON object a line, as text with the exceptions it holds; other text as it is. */
function readEvents(text: string): string {
  return text
    .split("\n")
    .flatMap((line) => {
      if (!line.startsWith("{")) return [line];
      try {
        const entry = JSON.parse(line) as {
          event?: unknown;
          error_detail?: { exc_type?: string; exc_value?: string }[];
        };
        const errors = (entry.error_detail ?? []).map((one) => `${one.exc_type ?? ""}: ${one.exc_value ?? ""}`);
        return [String(entry.event), ...errors];
      } catch {
        return [line];
      }
    })
    .join("\n");
}

/** Removes the log files of this and earlier proofs: of their tasks, and of the processor that parsed their DAGs. */
export async function removeLogFiles(airflow: AirflowApp): Promise<readonly string[]> {
  const ofProof = new RegExp(`^(dag_id=)?${proofIdPattern}($|\\.py)`);
  const removed: string[] = [];
  const seen = new Set<string>();
  for (const service of airflow.services) {
    const { files } = service.access;
    const folders = logFolders(service);
    const unseen = (paths: readonly string[]): readonly string[] =>
      paths.filter((path) => !seen.has(files.identify(path)));
    const [tasks, processor] = [unseen(folders.tasks), unseen(folders.processor)];
    for (const path of [...tasks, ...processor]) seen.add(files.identify(path));
    // DATE/BUNDLE/FILE in 3.x, DATE/FILE in 2.x.
    const found = [...(await files.find(tasks, ofProof, 0)), ...(await files.find(processor, ofProof, 2))];
    if (found.length > 0) await files.remove(found);
    removed.push(...found);
  }
  return removed;
}
