import { defineSignature } from "../../signature.ts";

export const tableMissing = defineSignature({
  id: "table-missing",
  group: "alembic",
  kind: "fault",
  confidence: "likely",
  marks: ["does not exist"],
  patterns: [
    /relation "(?<table>dag|dag_run|task_instance|job|connection|variable|slot_pool|serialized_dag|ab_user|ab_role|experiments|runs|registered_models|model_versions|log)" does not exist/,
  ],
  judge: ({ names, count }, { hasSeen }) => {
    const isFirst = hasSeen("airflow-migrated") || (count <= 2 && names["table"] === "log");
    return isFirst && /^(log|ab_user|connection)$/.test(names["table"] ?? "") ? undefined : { confidence: "likely" };
  },
  what: "{service|a service} reads the table {table}, which its database does not have",
  why: "The database was never migrated, or the connection string leads to another database or schema than the migration's.",
  follows: ["alembic", "network", "postgres", "packages"],
  endsWith: ["airflow-migrated", "airflow-serving", "mlflow-serving"],
  cure: [
    { say: "See which database each application really uses", run: "bulkhead db status" },
    { say: "Check that the migration and the services name the same database", run: "bulkhead check" },
  ],
  part: "database",
  sources: ["https://github.com/apache/airflow/issues/17836"],
  examples: [
    'airflow-scheduler-1  | sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation "dag" does not exist',
    'mlflow-1 | psycopg2.errors.UndefinedTable: relation "experiments" does not exist',
  ],
  lookalikes: ['postgres-1 | ERROR:  relation "my_own_table" does not exist at character 15'],
});
