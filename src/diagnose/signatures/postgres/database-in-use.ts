import { defineSignature } from "../../signature.ts";

export const databaseInUse = defineSignature({
  id: "database-in-use",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["is being accessed by other users"],
  patterns: [/(?:source )?database "(?<database>[^"]+)" is being accessed by other users/],
  what: "{database} cannot be copied or dropped while sessions are in it",
  why: "CREATE DATABASE ... TEMPLATE, ALTER DATABASE ... RENAME and DROP DATABASE need the database for themselves. Airflow's and MLflow's pools keep sessions open.",
  cure: [
    { say: "Stop what uses it, and leave the server running", run: "bulkhead ps" },
    { say: "Or let Bulkhead do the whole of it, sessions kept out", run: "bulkhead db split" },
  ],
  sources: ["PostgreSQL dbcommands.c"],
  examples: [
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [63] ERROR:  source database "airflow" is being accessed by other users',
  ],
  lookalikes: ['postgres-1 | ERROR:  database "airflow" already exists'],
});
