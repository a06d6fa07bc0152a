import { join } from "node:path";

import type { SqlSession } from "../ports/sql.ts";
import { pickLastWords } from "../stack/last-words.ts";
import type { AirflowApp } from "./airflow-app.ts";
import { listDagsFolders } from "./place-dag.ts";
import { pollFor, type ProofContext, type StepOutcome } from "./proof-context.ts";
import type { ProofNames } from "./proof-names.ts";
import { queryApp } from "./query-app.ts";
import { runInService } from "./run-in-service.ts";

/** How long the processor may take to notice a request and to parse one small file. */
const parseMs = 60_000;

/** What came of parsing; `triggered`: the same process has made the DAG run too. */
export interface ParseOutcome extends StepOutcome {
  readonly triggered: boolean;
}

/**
 * Has the DAG parsed at once: Airflow itself looks for new files every 300 s only. From 2.10 on the running processor is
 * asked for it (`dag_priority_parsing_request`, what the UI's "reparse" writes); older ones get what `airflow dags
 * reserialize` does, for this file, in the parser's own environment.
 */
export async function parseDag(context: ProofContext, airflow: AirflowApp, names: ProofNames): Promise<ParseOutcome> {
  const { sql } = context.session.home.ports;
  return queryApp(sql, airflow.database, async (session) => {
    if (!(await requestParse(session, airflow, await dagPaths(airflow, names), names.id))) {
      return parseInService(context, airflow, names);
    }
    const found = await pollFor(context, parseMs, () => readParsed(session, names.id));
    if (found !== undefined) return { ...found, triggered: false };
    const pending = await session.query("select 1 from dag_priority_parsing_request limit 1");
    const parser = airflow.parser?.role.service ?? airflow.id;
    const evidence =
      pending.length > 0
        ? `${parser} did not take the request to parse ${names.id}.py`
        : `${parser} took the request to parse ${names.id}.py, but found no DAG in it`;
    return { ok: false, evidence, triggered: false };
  });
}

/** Paths of the DAG file as Airflow knows them. */
async function dagPaths(airflow: AirflowApp, names: ProofNames): Promise<readonly string[]> {
  const set = airflow.parser?.access.env["AIRFLOW__CORE__DAGS_FOLDER"];
  const folders = set === undefined ? (await listDagsFolders(airflow)).map(({ path }) => path) : [set];
  return folders.map((folder) => join(folder, `${names.id}.py`));
}

/**
 * Asks the processor to look at its folders now (3.x: bundles) or at one file (2.10, 2.11). False: this Airflow has no
 * such request.
 */
export async function requestParse(
  session: SqlSession,
  airflow: Pick<AirflowApp, "major">,
  paths: readonly string[],
  id: string,
): Promise<boolean> {
  const columns = await session.query(
    "select column_name from information_schema.columns where table_name = 'dag_priority_parsing_request' and table_schema = any (current_schemas(false))",
  );
  const names = new Set(columns.map((row) => row["column_name"]));
  if (airflow.major >= 3 && names.has("bundle_name")) {
    await session.query(
      `insert into dag_priority_parsing_request (id, bundle_name, relative_fileloc)
       select md5(name || $1), name, $1 || '.py' from dag_bundle where active and name <> 'example_dags'
       on conflict do nothing`,
      [id],
    );
    return true;
  }
  if (!names.has("fileloc")) return false;
  for (const path of paths) {
    await session.query(
      "insert into dag_priority_parsing_request (id, fileloc) values (md5($1), $1) on conflict do nothing",
      [path],
    );
  }
  return true;
}

async function readParsed(session: SqlSession, id: string): Promise<StepOutcome | undefined> {
  const errors = await session.query("select stacktrace from import_error where filename like $1", [`%${id}%`]);
  if (errors.length > 0) return { ok: false, evidence: String(errors[0]?.["stacktrace"]).trim() };
  const rows = await session.query(
    "select d.is_paused from dag d join serialized_dag s on s.dag_id = d.dag_id where d.dag_id = $1",
    [id],
  );
  if (rows.length === 0) return undefined;
  return rows[0]?.["is_paused"] === true
    ? { ok: false, evidence: `${id} is paused although its file says is_paused_upon_creation=False` }
    : { ok: true, evidence: `${id} is known and active` };
}

async function parseInService(context: ProofContext, airflow: AirflowApp, names: ProofNames): Promise<ParseOutcome> {
  if (airflow.parser === undefined) return { ok: false, evidence: "nothing runs that parses DAGs", triggered: false };
  const [file] = await dagPaths(airflow, names);
  const result = await runProgram(context, airflow, { file: file ?? null, dag: names.id, run: names.id });
  if (!result.parsed) return { ok: false, evidence: result.reason, triggered: false };
  if (!result.triggered)
    return { ok: false, evidence: `parsed, but not triggered: ${result.reason}`, triggered: false };
  return {
    ok: true,
    evidence: `parsed and triggered in the environment of ${airflow.parser.role.service}`,
    triggered: true,
  };
}

/** Parses (with `file`) and triggers with Airflow's own code, in the parser's environment. */
export async function runProgram(
  context: ProofContext,
  airflow: AirflowApp,
  orders: { readonly file: string | null; readonly dag: string; readonly run: string },
): Promise<{ readonly parsed: boolean; readonly triggered: boolean; readonly reason: string }> {
  const service = airflow.parser ?? airflow.scheduler;
  if (service === undefined) return { parsed: false, triggered: false, reason: "no scheduler runs" };
  const { stdout, stderr, exitCode } = await runInService(context, service.access, "proof_airflow.py", orders);
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  try {
    return JSON.parse(last) as { parsed: boolean; triggered: boolean; reason: string };
  } catch {
    const reason = `python ended with ${exitCode ?? "a signal"}: ${pickLastWords(stderr, 2).join("; ")}`;
    return { parsed: false, triggered: false, reason };
  }
}
