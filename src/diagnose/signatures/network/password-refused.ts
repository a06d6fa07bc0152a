import { defineSignature } from "../../signature.ts";

export const passwordRefused = defineSignature({
  id: "password-refused",
  group: "network",
  kind: "fault",
  confidence: "likely",
  marks: ["password authentication failed for user"],
  patterns: [
    /connection to server at "(?<host>[A-Za-z][\w.-]*)".*failed: FATAL:\s+password authentication failed for user "(?<user>[^"]*)"/,
    /password authentication failed for user "(?<user>[^"]*)"/,
  ],
  judge: ({ names: { user = "" } }, { hasSeen }) =>
    hasSeen("volume-kept") || hasSeen("role-missing", { user }) || hasSeen("role-without-password", { user })
      ? undefined
      : { confidence: "likely" },
  what: "{server|PostgreSQL} refuses the password that {service|a service} gives for the role {user}",
  why: "The password in the connection string is not the role's. POSTGRES_PASSWORD counts only when the image fills an empty volume; a volume that was filled before keeps the password it was filled with.",
  cure: [
    {
      say: "Compare the connection string with what the server was given",
      run: "bulkhead check --rule wrong-credentials",
    },
    {
      say: "Or give the role the password that the files have; the data stays",
      run: "bulkhead exec {server} psql -U {superuser} -d postgres -c '\\password {user}'",
    },
  ],
  part: "password",
  sources: ["https://github.com/docker-library/postgres/issues/283"],
  examples: [
    'airflow-1 | psycopg2.OperationalError: connection to server at "postgres" (172.24.0.5), port 5432 failed: FATAL:  password authentication failed for user "airflow"',
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [63] FATAL:  password authentication failed for user "airflow"',
  ],
  lookalikes: [
    'postgres-1 | FATAL:  role "airflow" does not exist',
    'postgres-1 | PostgreSQL Database directory appears to contain a database; Skipping initialization\npostgres-1 | FATAL:  password authentication failed for user "airflow"',
  ],
});
