import { defineSignature } from "../../signature.ts";

export const dataOwner = defineSignature({
  id: "data-owner",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["has wrong ownership", "has invalid permissions", "Operation not permitted"],
  patterns: [
    /data directory "(?<directory>[^"]+)" has (?:wrong ownership|invalid permissions)/,
    /chown: (?:changing ownership of )?'?(?<directory>\/var\/lib\/postgresql[^':]*)'?: Operation not permitted/,
  ],
  what: "{service|PostgreSQL} cannot own its data directory {directory}",
  why: "PostgreSQL starts only when its account owns the data directory. A bind mount from Windows, NFS or a rootless engine does not let the image change the owner.",
  cure: [
    { say: "Use a named volume in place of the bind mount", run: "bulkhead why {service}.volumes" },
    { say: "Then start again", run: "bulkhead up" },
  ],
  keepsDown: true,
  sources: ["https://github.com/docker-library/postgres/issues/361"],
  examples: [
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [1] FATAL:  data directory "/var/lib/postgresql/data" has wrong ownership',
    "postgres-1 | chown: changing ownership of '/var/lib/postgresql/data': Operation not permitted",
  ],
  lookalikes: ["airflow-1 | chown: changing ownership of '/opt/airflow/logs': Operation not permitted"],
});
