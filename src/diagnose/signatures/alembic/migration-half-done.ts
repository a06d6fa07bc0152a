import { defineSignature } from "../../signature.ts";

export const migrationHalfDone = defineSignature({
  id: "migration-half-done",
  group: "alembic",
  kind: "fault",
  confidence: "likely",
  marks: ["already exists"],
  patterns: [
    /DuplicateTable\)? relation "(?<table>(?!ab_)\w+)" already exists/,
    /errors\.DuplicateTable: relation "(?<table>(?!ab_)\w+)" already exists/,
    /ERROR:\s+relation "(?<table>(?!ab_)\w+)" already exists/,
    /Table '(?<table>\w+)' already exists/,
  ],
  what: "a migration of {service|a service} creates the table {table} that is already there",
  why: "An earlier run of the same migration was cut off between making the table and noting its revision, or two services migrate one database at the same time.",
  cure: [
    { say: "See which revision the tables agree with", run: "bulkhead db status" },
    {
      say: "Let one service migrate before the others start",
      run: "bulkhead check --fix=behaviour --rule migration-race",
    },
  ],
  part: "database",
  sources: ["https://github.com/mlflow/mlflow/issues/19943"],
  examples: [
    'mlflow-1 | sqlalchemy.exc.ProgrammingError: (psycopg2.errors.DuplicateTable) relation "secrets" already exists',
    "mlflow-1 | sqlite3.OperationalError: Table 'secrets' already exists",
  ],
  lookalikes: [
    'postgres-1 | NOTICE:  relation "alembic_version" already exists, skipping',
    'airflow-1 | (psycopg2.errors.DuplicateTable) relation "ab_view_menu" already exists',
  ],
});
