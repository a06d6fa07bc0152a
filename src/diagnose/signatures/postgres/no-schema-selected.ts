import { defineSignature } from "../../signature.ts";

export const noSchemaSelected = defineSignature({
  id: "no-schema-selected",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["no schema has been selected to create in"],
  patterns: [/no schema has been selected to create in/],
  what: "the search_path of {service|a service} names a schema that does not exist",
  why: "A search_path in the connection string's options or on the role leads nowhere, so there is no schema to make tables in.",
  cure: [
    { say: "See what the connection string asks for", run: "bulkhead check" },
    {
      say: "Make the schema it names",
      run: 'bulkhead exec {server} psql -U {superuser} -d DATABASE -c "CREATE SCHEMA SCHEMA_NAME AUTHORIZATION ROLE_NAME"',
    },
  ],
  part: "all",
  sources: ["PostgreSQL namespace.c"],
  examples: [
    "mlflow-1 | sqlalchemy.exc.ProgrammingError: (psycopg2.errors.InvalidSchemaName) no schema has been selected to create in",
  ],
  lookalikes: ['postgres-1 | ERROR:  schema "mlflow" does not exist'],
});
