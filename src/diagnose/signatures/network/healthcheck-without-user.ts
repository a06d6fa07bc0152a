import { defineSignature } from "../../signature.ts";

export const healthcheckWithoutUser = defineSignature({
  id: "healthcheck-without-user",
  group: "network",
  kind: "noise",
  confidence: "certain",
  marks: ['role "root" does not exist'],
  patterns: [/FATAL:\s+role "root" does not exist/],
  what: "a health check asks PostgreSQL as root, a role that nobody made",
  why: "pg_isready and psql take the account they run as when no -U is given. The server answers all the same, so the check passes; every attempt leaves this line.",
  cure: [{ say: "Add -U with the role to the health check's command; it is harmless until then." }],
  sources: ["https://github.com/docker-library/postgres/issues/838"],
  examples: ['postgres-1 | 2026-11-23 06:37:58.902 UTC [63] FATAL:  role "root" does not exist'],
  lookalikes: ['postgres-1 | 2026-11-23 06:37:58.902 UTC [63] FATAL:  role "mlflow" does not exist'],
});
