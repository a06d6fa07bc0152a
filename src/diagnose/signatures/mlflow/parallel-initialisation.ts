import { defineSignature } from "../../signature.ts";

export const parallelInitialisation = defineSignature({
  id: "parallel-initialisation",
  group: "mlflow",
  kind: "fault",
  confidence: "likely",
  marks: ["mlflow_version_num_key", '"pg_type_typname_nsp_index"', '"alembic_version_pkc"'],
  patterns: [
    /duplicate key value violates unique constraint "(?<constraint>pg_type_typname_nsp_index|alembic_version_pkc|pg_class_relname_nsp_index)"/,
  ],
  what: "several processes of {service|MLflow} make the tables of one database at the same time",
  why: "Each server worker, and each replica, initialises its store at start. Before the releases with a file lock they run into each other on an empty database.",
  cure: [
    { say: "Start it once with one worker (--workers 1), or use a newer MLflow; then start again", run: "bulkhead up" },
    {
      say: "Where several services do it, let one go first",
      run: "bulkhead check --fix=behaviour --rule migration-race",
    },
  ],
  part: "database",
  endsWith: ["mlflow-serving"],
  sources: ["https://github.com/mlflow/mlflow/issues/19299", "https://github.com/mlflow/mlflow/pull/18233"],
  examples: [
    'mlflow-1 | sqlalchemy.exc.IntegrityError: (psycopg2.errors.UniqueViolation) duplicate key value violates unique constraint "pg_type_typname_nsp_index"',
  ],
  lookalikes: [
    'mlflow-1 | (psycopg2.errors.UniqueViolation) duplicate key value violates unique constraint "experiments_name_key"',
  ],
});
