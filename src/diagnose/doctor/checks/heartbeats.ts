import { jobTypes } from "../../../probe/probe-airflow-heartbeat.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning } from "../doctor-place.ts";
import { queryAirflow } from "../query-airflow.ts";

/** `[scheduler] scheduler_health_check_threshold` and its siblings: older than this is dead to Airflow itself. */
const LIMIT_SECONDS = 30;

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
              ask: async (signal: AbortSignal) => {
                if (!isRunning(stack, service)) return notRunning(service);
                const [row] = await queryAirflow(stack, id, signal, (session) =>
                  session.query(
                    "select extract(epoch from now() - max(latest_heartbeat))::float8 as age from job where job_type = $1 and state = 'running'",
                    [type],
                  ),
                );
                return judgeAge(service, row?.["age"]);
              },
            };
          }),
    );
  },
};

function judgeAge(service: string, age: unknown): DoctorAnswer {
  const cure = `bulkhead logs ${service}\nbulkhead restart ${service}`;
  if (typeof age !== "number") return { outcome: "fail", fact: "runs, and has never beaten", cure };
  const seconds = `${Math.max(0, Math.round(age))} s ago`;
  return age <= LIMIT_SECONDS
    ? { outcome: "ok", fact: `beat ${seconds}` }
    : { outcome: "fail", fact: `runs, but beat last ${seconds}`, cure };
}
