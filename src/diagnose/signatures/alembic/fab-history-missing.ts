import { defineSignature } from "../../signature.ts";

export const fabHistoryMissing = defineSignature({
  id: "fab-history-missing",
  group: "alembic",
  kind: "fault",
  confidence: "likely",
  marks: ['relation "ab_'],
  patterns: [/relation "(?<table>ab_\w+)" already exists/],
  what: "{service|Airflow} creates the user table {table} that is already there: alembic_version_fab lost its row",
  why: "The FAB provider keeps its own history in alembic_version_fab. Its tables were made by Airflow 2 or restored without that row, so it starts from the beginning.",
  cure: [
    { say: "See what the version tables say", run: "bulkhead db status" },
    { say: "Back up before a row is written", run: "bulkhead db backup" },
  ],
  part: "database",
  sources: ["https://github.com/apache/airflow/issues/55856"],
  examples: [
    'airflow-init-1  | sqlalchemy.exc.ProgrammingError: (psycopg2.errors.DuplicateTable) relation "ab_view_menu" already exists',
  ],
  lookalikes: ['airflow-init-1  | psycopg2.errors.UndefinedTable: relation "ab_user" does not exist'],
});
