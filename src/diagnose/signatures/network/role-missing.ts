import { defineSignature } from "../../signature.ts";

export const roleMissing = defineSignature({
  id: "role-missing",
  group: "network",
  kind: "fault",
  confidence: "certain",
  marks: ["does not exist"],
  patterns: [
    // With scram the client hears of a wrong password; only the server's log says that there is no such role.
    /DETAIL:\s+Role "(?<user>[^"]*)" does not exist/,
    /connection to server at "(?<host>[A-Za-z][\w.-]*)".*failed: FATAL:\s+role "(?<user>(?!root")[^"]*)" does not exist/,
    /(?:FATAL|ERROR):\s+role "(?<user>(?!root")[^"]*)" does not exist/,
  ],
  what: "{service|a service} logs in as {user}, a role that {server|the server} does not have",
  why: "POSTGRES_USER and the init scripts make roles only when the volume is empty, and POSTGRES_USER replaces the role postgres instead of adding one.",
  cure: [
    {
      say: "Make the role, then give it its password",
      run: "bulkhead exec {server} psql -U {superuser} -d postgres -c \"CREATE ROLE {user} LOGIN\" -c '\\password {user}'",
    },
    { say: "Or use the role that the server has", run: "bulkhead check --fix=behaviour --rule wrong-credentials" },
  ],
  part: "user",
  sources: ["https://github.com/docker-library/postgres/issues/723"],
  examples: [
    'postgres-1 | 2026-11-23 13:16:12.439 UTC [5345] FATAL:  password authentication failed for user "mlflow"\npostgres-1 | 2026-11-23 13:16:12.439 UTC [5345] DETAIL:  Role "mlflow" does not exist.',
    'airflow-1 | psycopg2.OperationalError: connection to server at "postgres" (172.24.0.5), port 5432 failed: FATAL:  role "airflow" does not exist',
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [63] FATAL:  role "mlflow" does not exist',
  ],
  lookalikes: [
    'postgres-1 | 2026-11-23 13:16:12.408 UTC [5342] DETAIL:  Connection matched file "/var/lib/postgresql/data/pg_hba.conf" line 115',
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [63] FATAL:  role "root" does not exist',
  ],
});
