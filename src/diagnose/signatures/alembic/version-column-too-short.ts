import { defineSignature } from "../../signature.ts";

export const versionColumnTooShort = defineSignature({
  id: "version-column-too-short",
  group: "alembic",
  kind: "fault",
  confidence: "likely",
  marks: ["value too long for type character varying(32)"],
  patterns: [/value too long for type character varying\(32\)/],
  judge: ({ evidence: [{ block }] }) => ({
    confidence: block.some((line) => /version_num|alembic_version/.test(line)) ? "certain" : "likely",
  }),
  what: "a migration of {service|a service} has a revision id longer than the 32 characters of alembic_version.version_num",
  why: "Alembic makes that column varchar(32). Applications that name revisions by words need more.",
  cure: [
    {
      say: "Widen the column, then run the migration again",
      run: 'bulkhead exec {server} psql -U {superuser} -d DATABASE -c "ALTER TABLE alembic_version ALTER COLUMN version_num TYPE varchar(255)"',
    },
  ],
  part: "database",
  sources: ["https://github.com/Abilityai/trinity/issues/1420"],
  examples: [
    "app-1 | sqlalchemy.exc.DataError: (psycopg2.errors.StringDataRightTruncation) value too long for type character varying(32)",
  ],
  lookalikes: ["mlflow-1 | (psycopg2.errors.StringDataRightTruncation) value too long for type character varying(250)"],
});
