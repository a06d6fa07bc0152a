import type { SqlSession } from "../ports/sql.ts";
import type { AirflowApp } from "./airflow-app.ts";
import { countThings } from "./count-things.ts";
import { deleteRows } from "./delete-rows.ts";
import { requestParse } from "./parse-dag.ts";
import { removeDagFiles } from "./place-dag.ts";
import { pollFor, type ProofContext } from "./proof-context.ts";
import { namesProof } from "./proof-names.ts";
import { queryApp } from "./query-app.ts";
import { forgetSessions, readSessions } from "./session-journal.ts";
import { removeLogFiles } from "./task-log.ts";

/** How long a task of a proof that was given up may take to end, and the processor to drop a deleted file. */
const endMs = 20_000;

/**
 * Removes what this and earlier proofs made in an Airflow: DAG files first, then the rows once the processor has dropped
 * the DAG (it would write it again), then log files. Returns what there was, in words.
 */
export async function removeAirflowTraces(context: ProofContext, airflow: AirflowApp): Promise<readonly string[]> {
  const dagFiles = await removeDagFiles(airflow);
  const found = dagFiles.length > 0 ? [countThings(dagFiles.length, "DAG file")] : [];
  if (airflow.database !== undefined) {
    await queryApp(context.session.home.ports.sql, airflow.database, async (session) => {
      const before = await findAirflowRows(session);
      if (before.length > 0) {
        found.push(...before.map(({ table, rows }) => countThings(rows, "row", ` of ${table}`)));
        await endRuns(context, session);
        await awaitDropped(context, airflow, session, dagFiles);
        await deleteRows(session, await findAirflowRows(session));
      }
      await deleteSessions(session, await readSessions(context, airflow));
    });
    await forgetSessions(context, airflow);
  }
  const logs = await removeLogFiles(airflow);
  if (logs.length > 0) found.push(countThings(logs.length, "log file"));
  return found;
}

interface ProofRows {
  readonly table: string;
  readonly condition: string;
  readonly rows: number;
}

/** Every table with rows of a proof, by the columns that name a DAG, its file, its permissions or a user. */
async function findAirflowRows(session: SqlSession): Promise<readonly ProofRows[]> {
  const columns = await session.query(
    `select quote_ident(c.table_name) as table, quote_ident(c.column_name) as column
       from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = any (current_schemas(false)) and t.table_type = 'BASE TABLE'
        and (c.column_name in ('dag_id', 'fileloc', 'relative_fileloc')
             or (c.table_name, c.column_name) in (('import_error', 'filename'), ('ab_view_menu', 'name'), ('ab_user', 'username')))
      order by 1, 2`,
  );
  const conditions = new Map<string, string[]>();
  for (const { table, column } of columns as readonly { table: string; column: string }[]) {
    const own = conditions.get(table) ?? [];
    own.push(namesProofIn(table, column));
    conditions.set(table, own);
  }
  const found: ProofRows[] = [];
  for (const [table, parts] of conditions) {
    const condition = `(${parts.join(" or ")})`;
    const [row] = await session.query(`select count(*)::int as rows from ${table} where ${condition}`);
    if (Number(row?.["rows"]) > 0) found.push({ table, condition, rows: Number(row?.["rows"]) });
  }
  return found;
}

function namesProofIn(table: string, column: string): string {
  // FAB keeps permissions on each DAG as resources of their own.
  if (table === "ab_view_menu") return namesProof(column, "^DAG( Run)?:");
  if (table === "ab_user") return namesProof(column, "^", "_user$");
  return column === "dag_id" ? namesProof(column) : namesProof(column, "(^|/)", "\\.py$");
}

/** Fails runs that are still under way and waits until their task, and in 2.x the job around it, has ended. */
async function endRuns(context: ProofContext, session: SqlSession): Promise<void> {
  await session.query(
    `update dag_run set state = 'failed' where ${namesProof("dag_id")} and state in ('queued', 'running')`,
  );
  await session.query(
    `update task_instance set state = 'failed' where ${namesProof("dag_id")} and (state is null or state in ('scheduled', 'queued', 'deferred', 'up_for_retry'))`,
  );
  await pollFor(context, endMs, async () => {
    const [row] = await session.query(
      `select (select count(*) from task_instance where ${namesProof("dag_id")} and state in ('running', 'restarting'))
            + (select count(*) from job where ${namesProof("dag_id")} and state = 'running' and latest_heartbeat > now() - interval '30 s') as busy`,
    );
    return Number(row?.["busy"]) === 0 ? true : undefined;
  });
}

/** From 2.10 on: asks the processor to look at its folders again and waits until it has marked the DAG as gone. */
async function awaitDropped(
  context: ProofContext,
  airflow: AirflowApp,
  session: SqlSession,
  dagFiles: readonly string[],
): Promise<void> {
  if (airflow.major < 3 || dagFiles.length === 0) return;
  const known = await session.query(`select dag_id from dag where ${namesProof("dag_id")} and not is_stale`);
  const id = known[0]?.["dag_id"];
  if (typeof id !== "string" || !(await requestParse(session, airflow, [], id))) return;
  await pollFor(context, endMs, async () => {
    const left = await session.query(`select 1 from dag where ${namesProof("dag_id")} and not is_stale limit 1`);
    return left.length === 0 ? true : undefined;
  });
}

async function deleteSessions(session: SqlSession, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const [facts] = await session.query("select to_regclass('session') is not null as present");
  if (facts?.["present"] !== true) return;
  await session.query("delete from session where session_id = any ($1)", [ids.flatMap((id) => [id, `session:${id}`])]);
}
