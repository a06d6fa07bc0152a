import { defineSignature } from "../../signature.ts";

export const passwordNotGiven = defineSignature({
  id: "password-not-given",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["superuser password is not specified"],
  patterns: [/Database is uninitialized and superuser password is not specified/],
  what: "{service|PostgreSQL} has an empty volume and no POSTGRES_PASSWORD",
  why: "The image refuses to make a cluster whose superuser has no password. The variable is missing, or what it is filled from is blank.",
  cure: [
    { say: "Give it one", run: "bulkhead check --fix=behaviour --rule missing-password" },
    { say: "Or see why it is blank", run: "bulkhead why {service}.environment.POSTGRES_PASSWORD" },
  ],
  keepsDown: true,
  sources: ["docker-entrypoint.sh of the postgres image"],
  examples: ["postgres-1 | Error: Database is uninitialized and superuser password is not specified."],
  lookalikes: ["postgres-1 | PostgreSQL init process complete; ready for start up."],
});
