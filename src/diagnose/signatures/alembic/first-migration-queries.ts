import { defineSignature } from "../../signature.ts";

export const firstMigrationQueries = defineSignature({
  id: "first-migration-queries",
  group: "alembic",
  kind: "noise",
  confidence: "certain",
  marks: ['relation "log" does not exist', 'relation "alembic_version" does not exist'],
  patterns: [/relation "(?<table>log|alembic_version)" does not exist/],
  judge: ({ count }, { hasSeen }) =>
    count <= 2 || hasSeen("airflow-migrated") || hasSeen("airflow-serving") ? { confidence: "certain" } : undefined,
  what: "a first migration asked for the table {table} before it made it",
  why: "During the first `airflow db migrate` Airflow writes an audit entry into a table that the same migration is about to make. PostgreSQL logs the failed statement; the migration goes on.",
  cure: [{ say: "Nothing to do." }],
  sources: ["https://github.com/apache/airflow/issues/17836"],
  examples: ['postgres-1 | 2026-11-23 06:37:58.902 UTC [53] ERROR:  relation "log" does not exist at character 13'],
  lookalikes: ['postgres-1 | 2026-11-23 06:37:58.902 UTC [53] ERROR:  relation "dag" does not exist at character 30'],
});
