import { defineSignature } from "../../signature.ts";

export const migrationLockTimeout = defineSignature({
  id: "migration-lock-timeout",
  group: "alembic",
  kind: "fault",
  confidence: "likely",
  marks: ["canceling statement due to lock timeout"],
  patterns: [/canceling statement due to lock timeout/],
  what: "{service|a service} gave up waiting for a lock that another migration holds",
  why: "Airflow takes an advisory lock for its migration and waits 1.8 s for it. A second service migrates at the same time, or a migration that was cut off still holds a session. Behind pgbouncer in transaction mode the lock is never given back.",
  cure: [
    {
      say: "Let one service migrate before the others start",
      run: "bulkhead check --fix=behaviour --rule migration-race",
    },
    {
      say: "Or see who holds the lock",
      run: "bulkhead exec {server} psql -U {superuser} -d postgres -c \"SELECT pid, state, query FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE locktype = 'advisory'\"",
    },
  ],
  part: "database",
  sources: ["https://github.com/apache/airflow/pull/19842"],
  examples: [
    "airflow-scheduler-1  | psycopg2.errors.LockNotAvailable: canceling statement due to lock timeout",
    "postgres-1 | 2026-11-23 06:37:58.902 UTC [53] ERROR:  canceling statement due to lock timeout",
  ],
  lookalikes: ["postgres-1 | ERROR:  canceling statement due to user request"],
});
