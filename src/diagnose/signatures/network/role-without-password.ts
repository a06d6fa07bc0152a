import { defineSignature } from "../../signature.ts";

export const roleWithoutPassword = defineSignature({
  id: "role-without-password",
  group: "network",
  kind: "fault",
  confidence: "certain",
  marks: ["has no password assigned"],
  patterns: [/User "(?<user>[^"]*)" has no password assigned/],
  what: "{service|a service} logs in as {user}, a role that has no password",
  why: "The role was made without one (CREATE ROLE ... LOGIN), and the server asks for passwords: then nobody can log in as it. The client is only told that its password is wrong.",
  cure: [
    {
      say: "Give it the password that the files have",
      run: "bulkhead exec {server} psql -U {superuser} -d postgres -c '\\password {user}'",
    },
  ],
  part: "password",
  sources: ["PostgreSQL libpq/crypt.c (get_role_password)"],
  examples: [
    'postgres-1 | 2026-11-23 13:16:12.439 UTC [5345] FATAL:  password authentication failed for user "mlflow"\npostgres-1 | 2026-11-23 13:16:12.439 UTC [5345] DETAIL:  User "mlflow" has no password assigned.',
  ],
  lookalikes: ['postgres-1 | 2026-11-23 13:16:12.439 UTC [5345] DETAIL:  Role "mlflow" does not exist.'],
});
