import { defineSignature } from "../../signature.ts";

export const longMigration = defineSignature({
  id: "long-migration",
  group: "alembic",
  kind: "fault",
  confidence: "likely",
  marks: ["[alembic.runtime.migration] Running upgrade"],
  patterns: [/\[alembic\.runtime\.migration\] Running upgrade (?<from>\S*) -> (?<to>[\w, ]+?)(?:,|$)/],
  judge: (sighting, { silenceAfter }) => {
    const minutes = Math.floor(silenceAfter(sighting) / 60_000);
    return minutes < 10 ? undefined : { confidence: "likely", names: { minutes: String(minutes) } };
  },
  what: "the migration of {service|a service} has been at revision {to} for {minutes} minutes",
  why: "Some migrations rewrite whole tables (MLflow's metrics and runs). On millions of rows that takes hours, and a health check or a time limit that ends the service in between starts it over.",
  cure: [
    {
      say: "Let it finish: stop what else writes to that database and do not restart it",
      run: "bulkhead logs -f {service}",
    },
    {
      say: "See what it is waiting for",
      run: "bulkhead exec {server} psql -U {superuser} -d postgres -c \"SELECT pid, wait_event_type, wait_event, now() - query_start AS since, left(query, 80) FROM pg_stat_activity WHERE state <> 'idle'\"",
    },
  ],
  part: "database",
  sources: ["https://github.com/mlflow/mlflow/issues/4208", "https://github.com/mlflow/mlflow/issues/15197"],
  examples: [
    "mlflow-1 | 2026-11-23T06:00:00Z INFO  [alembic.runtime.migration] Running upgrade 90e64c465722 -> 181f10493468, allow nulls for metric values\npostgres-1 | 2026-11-23 06:37:58.902 UTC [5] LOG:  checkpoint complete",
  ],
  lookalikes: [
    "mlflow-1 | 2026-11-23T06:00:00Z INFO  [alembic.runtime.migration] Running upgrade 90e64c465722 -> 181f10493468, allow nulls for metric values\npostgres-1 | 2026-11-23 06:00:03.902 UTC [5] LOG:  checkpoint complete",
  ],
});
