import { defineSignature } from "../../signature.ts";

export const unappliedMigrations = defineSignature({
  id: "unapplied-migrations",
  group: "alembic",
  kind: "consequence",
  confidence: "likely",
  marks: ["There are still unapplied migrations after"],
  patterns: [/There are still unapplied migrations after (?<seconds>\d+) seconds/],
  what: "{service|a service} waited {seconds} s for a migration that never came",
  why: "`airflow db check-migrations` compares the row in alembic_version with the installed release. The job that migrates failed, is missing, works on another database, or has another image.",
  follows: ["alembic", "network", "postgres", "packages", "host"],
  cure: [
    { say: "Read what the migration job said", run: "bulkhead logs airflow-init" },
    { say: "Migrate with the same image", run: "bulkhead exec {service} airflow db migrate" },
  ],
  part: "database",
  sources: ["airflow/utils/db.py (check_migrations)"],
  examples: [
    "airflow-scheduler-1  | TimeoutError: There are still unapplied migrations after 60 seconds. Migration Head(s) in DB: set() | Migration Head(s) in Source Code: {'405de8318b3a'}",
  ],
  lookalikes: [
    "airflow-scheduler-1  | [2026-11-23T06:37:58.902+0000] {db.py:800} INFO - Waiting for migrations... 3 second(s)",
  ],
});
