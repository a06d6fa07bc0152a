import { defineSignature } from "../../signature.ts";

export const staleVolumePassword = defineSignature({
  id: "stale-volume-password",
  group: "network",
  kind: "fault",
  confidence: "certain",
  marks: ["password authentication failed for user"],
  patterns: [
    /connection to server at "(?<host>[A-Za-z][\w.-]*)".*failed: FATAL:\s+password authentication failed for user "(?<user>[^"]*)"/,
    /password authentication failed for user "(?<user>[^"]*)"/,
  ],
  judge: ({ names: { user = "" } }, { hasSeen }) =>
    hasSeen("volume-kept") && !hasSeen("role-missing", { user }) && !hasSeen("role-without-password", { user })
      ? { confidence: "certain" }
      : undefined,
  what: "the volume of {server|PostgreSQL} was filled with another password for {user} than the files have now",
  why: "POSTGRES_PASSWORD works only on an empty volume. This server said that it found a database and skipped its initialisation, so the role kept the password from then. Deleting the volume would help and lose every row.",
  cure: [
    {
      say: "Give the role the password that the files have; the data stays",
      run: "bulkhead exec {server} psql -U {superuser} -d postgres -c '\\password {user}'",
    },
    {
      say: "Or put the old password back where it was changed",
      run: "bulkhead why {server}.environment.POSTGRES_PASSWORD",
    },
  ],
  part: "password",
  sources: ["https://github.com/docker-library/postgres/issues/283", "docker-entrypoint.sh of the postgres image"],
  examples: [
    'postgres-1 | PostgreSQL Database directory appears to contain a database; Skipping initialization\npostgres-1 | 2026-11-23 06:37:58.902 UTC [63] FATAL:  password authentication failed for user "airflow"',
  ],
  lookalikes: [
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [63] FATAL:  password authentication failed for user "airflow"',
  ],
});
