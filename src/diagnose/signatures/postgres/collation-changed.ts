import { defineSignature } from "../../signature.ts";

export const collationChanged = defineSignature({
  id: "collation-changed",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["collation version mismatch"],
  patterns: [/(?:database "(?<database>[^"]+)" has a|has a) collation version mismatch/],
  what: "the image of {service|PostgreSQL} sorts text by another C library than the one that built the indexes of {database|its databases}",
  why: "The base image changed (bullseye to bookworm, Debian to Alpine). Indexes on text may be in the wrong order: lookups miss rows and unique indexes let doubles in.",
  cure: [
    {
      say: "Build the indexes again",
      run: 'bulkhead exec {service} psql -U {superuser} -d {database} -c "REINDEX DATABASE {database}"',
    },
    {
      say: "Then note the new version",
      run: 'bulkhead exec {service} psql -U {superuser} -d {database} -c "ALTER DATABASE {database} REFRESH COLLATION VERSION"',
    },
  ],
  sources: ["https://github.com/docker-library/postgres/issues/1356"],
  examples: [
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [63] WARNING:  database "airflow" has a collation version mismatch',
  ],
  lookalikes: ["postgres-1 | LOG:  database system is ready to accept connections"],
});
