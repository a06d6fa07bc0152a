import { defineSignature } from "../../signature.ts";

export const mlflowTablesWithoutRow = defineSignature({
  id: "mlflow-tables-without-row",
  group: "alembic",
  kind: "fault",
  confidence: "certain",
  marks: ['of relation "metrics" already exists'],
  patterns: [/column "step" of relation "metrics" already exists/],
  what: "{service|MLflow} migrates a database from the beginning whose tables are already there: its row in alembic_version is missing",
  why: "MLflow read no revision of its own, took the database for a new one and ran its first migration on finished tables. PostgreSQL rolled that back whole, so nothing was changed.",
  cure: [
    { say: "Find out which revision the tables are at", run: "bulkhead db status" },
    { say: "Where Airflow's row stands in its place, separate the two", run: "bulkhead db split" },
  ],
  part: "database",
  sources: ["mlflow/store/db_migrations/versions/451aebb31d03_add_metric_step.py"],
  examples: [
    'mlflow-1 | sqlalchemy.exc.ProgrammingError: (psycopg2.errors.DuplicateColumn) column "step" of relation "metrics" already exists',
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [53] ERROR:  column "step" of relation "metrics" already exists',
  ],
  lookalikes: ['app-1 | psycopg2.errors.DuplicateColumn: column "step" of relation "jobs" already exists'],
});
