import { defineSignature } from "../../signature.ts";

export const notTheOwner = defineSignature({
  id: "not-the-owner",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["must be owner of"],
  patterns: [
    /must be owner of (?<kind>table|relation|sequence|schema|database|function|type|index) (?<object>[\w".]+)/,
  ],
  what: "{service|a service} changes {kind} {object}, which another role owns",
  why: "The tables were made by another role than the one that migrates now: an earlier superuser, or a dump restored by somebody else.",
  cure: [
    { say: "See who owns what", run: "bulkhead db status" },
    {
      say: "Give the objects to the application's role",
      run: 'bulkhead exec {server} psql -U {superuser} -d DATABASE -c "REASSIGN OWNED BY OLD_ROLE TO NEW_ROLE"',
    },
  ],
  part: "user",
  sources: ["PostgreSQL aclchk.c"],
  examples: [
    "mlflow-1 | sqlalchemy.exc.ProgrammingError: (psycopg2.errors.InsufficientPrivilege) must be owner of table runs",
  ],
  lookalikes: ["postgres-1 | ERROR:  permission denied for table runs"],
});
