import { defineSignature } from "../../signature.ts";

export const columnMissing = defineSignature({
  id: "column-missing",
  group: "alembic",
  kind: "fault",
  confidence: "likely",
  marks: ["UndefinedColumn"],
  patterns: [/UndefinedColumn[^"]*?column "?(?<table>\w+)\.(?<column>\w+)"? does not exist/],
  what: "{service|a service} reads the column {table}.{column}, which its database does not have",
  why: "The code is newer than the tables. Either the migration did not run for this release, or the version row was lost and Airflow stamped the newest revision on old tables: then the row says more than the tables hold.",
  follows: ["alembic"],
  cure: [
    { say: "Compare what the row says with what the tables hold", run: "bulkhead db status" },
    { say: "Where the row is honest, migrate", run: "bulkhead exec {service} airflow db migrate" },
  ],
  part: "database",
  sources: ["https://github.com/apache/airflow/issues/17470"],
  examples: [
    "airflow-scheduler-1  | sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedColumn) column dag.max_consecutive_failed_dag_runs does not exist",
    "mlflow-1 | psycopg2.errors.UndefinedColumn: column runs.deleted_time does not exist",
  ],
  lookalikes: ['airflow-1 | psycopg2.errors.UndefinedTable: relation "dag" does not exist'],
});
