import { isSqlFailure, type Sql, type SqlTarget } from "../ports/sql.ts";
import { fine, notYet, type ProbeOutcome } from "./probe-outcome.ts";

/** Job types in Airflow's `job` table (2.3 to 3.3). A 2.x dag-processor writes DagProcessorJob from 2.7 on. */
export const jobTypes: Readonly<Record<string, string>> = {
  scheduler: "SchedulerJob",
  triggerer: "TriggererJob",
  "dag-processor": "DagProcessorJob",
};

/**
 * A component without a port of its own has written a heartbeat after `since` (epoch milliseconds): the same fact the
 * health body is made from, available before the api-server is.
 */
export async function probeAirflowHeartbeat(
  sql: Sql,
  target: SqlTarget,
  component: string,
  since: number,
): Promise<ProbeOutcome> {
  const session = await sql.connect({ connectTimeoutMs: 3_000, ...target });
  if (isSqlFailure(session)) return notYet(session.reason);
  try {
    const rows = await session.query(
      "select latest_heartbeat > to_timestamp($2::double precision / 1000) as fresh from job where job_type = $1 and state = 'running' order by latest_heartbeat desc limit 1",
      [jobTypes[component], since],
    );
    return rows[0]?.["fresh"] === true
      ? fine(`${jobTypes[component]} beats`)
      : notYet(`no heartbeat of ${jobTypes[component]} yet`);
  } catch (error) {
    return notYet(error instanceof Error ? error.message : String(error));
  } finally {
    await session.close();
  }
}
