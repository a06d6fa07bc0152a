import { jobTypes } from "../../../probe/probe-airflow-heartbeat.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning } from "../doctor-place.ts";
import { oncePerSubject } from "../once-per-subject.ts";
import { queryAirflow } from "../query-airflow.ts";

/** Older than this is dead to Airflow itself, unless the setting says otherwise. */
const LIMIT_SECONDS = 30;

/** The setting by job. Source: airflow/jobs/job.py of 3.3.2. */
const LIMIT_VARIABLES: Readonly<Record<string, string>> = {
  SchedulerJob: "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD",
  TriggererJob: "AIRFLOW__TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD",
  DagProcessorJob: "AIRFLOW__DAG_PROCESSOR__HEALTH_CHECK_THRESHOLD",
};

/** Seconds since the last heartbeat by type of job, of one app. */
const readAges = oncePerSubject(async (stack, app, signal): Promise<ReadonlyMap<string, number>> => {
  const rows = await queryAirflow(stack, app, signal, (session) =>
    session.query(
      "select job_type as type, extract(epoch from now() - max(latest_heartbeat))::float8 as age from job where state = 'running' group by 1",
    ),
  );
  return new Map(rows.map((row) => [String(row["type"]), Number(row["age"])]));
});

/** Scheduler, triggerer and dag-processor beat in the database; a process that hangs does not. */
export const heartbeats: DoctorCheck = {
  id: "heartbeats",
  title: "Heartbeat",
  scope: "stack",
  questions: ({ stack }) => {
    if (stack === undefined) return [];
    const { apps, services } = stack.session.topology;
    return apps.flatMap(({ id, product, services: names }) =>
      product !== "airflow"
        ? []
        : names.flatMap((service) => {
            const type = jobTypes[services[service]?.component?.id ?? ""];
            if (type === undefined) return [];
            return {
              subject: service,
              ask: async () => {
                if (!isRunning(stack, service)) return notRunning(service);
                const ages = await readAges(stack, id);
                const limit = Number(services[service]?.environment[LIMIT_VARIABLES[type] ?? ""]);
                return judgeAge(service, ages.get(type), limit > 0 ? limit : LIMIT_SECONDS);
              },
            };
          }),
    );
  },
};

/** Judges the age of a heartbeat, seconds; none: there was never one. Pure. */
export function judgeAge(service: string, age: number | undefined, limit: number): DoctorAnswer {
  const cure = `bulkhead logs ${service}\nbulkhead restart ${service}`;
  if (age === undefined) return { outcome: "fail", fact: "runs, and has never beaten", cure };
  const seconds = `${Math.max(0, Math.round(age))} s ago`;
  return age <= limit
    ? { outcome: "ok", fact: `beat ${seconds}` }
    : { outcome: "fail", fact: `runs, but beat last ${seconds} (after ${limit} s Airflow takes it for dead)`, cure };
}
