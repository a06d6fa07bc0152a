import { defineSignature } from "../../signature.ts";

export const databaseMissing = defineSignature({
  id: "database-missing",
  group: "network",
  kind: "fault",
  confidence: "certain",
  marks: ["does not exist"],
  patterns: [
    /connection to server at "(?<host>[A-Za-z][\w.-]*)".*failed: FATAL:\s+database "(?<database>[^"]*)" does not exist/,
    /FATAL:\s+database "(?<database>[^"]*)" does not exist/,
  ],
  what: "{service|a service} wants the database {database}, which {server|the server} does not have",
  why: "POSTGRES_DB and the scripts in /docker-entrypoint-initdb.d make databases only when the volume is empty. A database that was added to the files later has to be made by hand. Without POSTGRES_DB the database is called as POSTGRES_USER.",
  cure: [
    {
      say: "Make it; nothing else changes",
      run: 'bulkhead exec {server} psql -U {superuser} -d postgres -c "CREATE DATABASE {database}"',
    },
    { say: "Or let the files make it", run: "bulkhead check --fix=behaviour --rule database-not-created" },
  ],
  part: "database",
  sources: ["https://github.com/docker-library/postgres/issues/723"],
  examples: [
    'mlflow-1 | psycopg2.OperationalError: connection to server at "postgres" (172.24.0.5), port 5432 failed: FATAL:  database "mlflow" does not exist',
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [63] FATAL:  database "mlflow" does not exist',
  ],
  lookalikes: ['postgres-1 | ERROR:  relation "dag" does not exist'],
});
