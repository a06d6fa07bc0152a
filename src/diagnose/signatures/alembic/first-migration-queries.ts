import { defineSignature } from "../../signature.ts";

export const firstMigrationQueries = defineSignature({
  id: "first-migration-queries",
  group: "alembic",
  kind: "noise",
  confidence: "certain",
  marks: [
    'relation "log" does not exist',
    'relation "alembic_version" does not exist',
    'relation "ab_user" does not exist',
    'relation "connection" does not exist',
  ],
  patterns: [/relation "(?<table>log|alembic_version|ab_user|connection)" does not exist/],
  // Users and connections are asked for before a migration and by components that have no database alike.
  judge: ({ names, count }, { hasSeen }) =>
    hasSeen("airflow-migrated") ||
    hasSeen("airflow-serving") ||
    (count <= 2 && /log|alembic/.test(names["table"] ?? ""))
      ? { confidence: "certain" }
      : undefined,
  what: "a first migration asked for the table {table} before it made it",
  why: "During the first `airflow db migrate` Airflow writes an audit entry into a table, and looks for users and connections in others, that the same migration is about to make. PostgreSQL logs the failed statements; the migration goes on.",
  cure: [{ say: "Nothing to do." }],
  sources: ["https://github.com/apache/airflow/issues/17836"],
  examples: ['postgres-1 | 2026-11-23 06:37:58.902 UTC [53] ERROR:  relation "log" does not exist at character 13'],
  lookalikes: ['postgres-1 | 2026-11-23 06:37:58.902 UTC [53] ERROR:  relation "dag" does not exist at character 30'],
});
