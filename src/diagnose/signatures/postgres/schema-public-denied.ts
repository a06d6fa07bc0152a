import { defineSignature } from "../../signature.ts";

export const schemaPublicDenied = defineSignature({
  id: "schema-public-denied",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["permission denied for schema"],
  patterns: [/permission denied for schema (?<schema>[\w"]+)/],
  what: "the role of {service|a service} may not make tables in schema {schema}",
  why: "From PostgreSQL 15 on only a database's owner may create in public. A role that is only granted CONNECT or ALL ON DATABASE may not.",
  cure: [
    {
      say: "Let the files make the role the database's owner",
      run: "bulkhead check --fix=behaviour --rule schema-public-not-granted",
    },
    {
      say: "On a database that is there already",
      run: 'bulkhead exec {server} psql -U {superuser} -d DATABASE -c "GRANT ALL ON SCHEMA {schema} TO ROLE_NAME"',
    },
  ],
  part: "user",
  sources: ["https://www.postgresql.org/docs/15/release-15.html"],
  examples: [
    "mlflow-1 | sqlalchemy.exc.ProgrammingError: (psycopg2.errors.InsufficientPrivilege) permission denied for schema public",
    "postgres-1 | 2026-11-23 06:37:58.902 UTC [63] ERROR:  permission denied for schema public at character 14",
  ],
  lookalikes: ["postgres-1 | ERROR:  permission denied for table dag"],
});
