import { defineSignature } from "../../signature.ts";

export const postgres18Mount = defineSignature({
  id: "postgres-18-mount",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["in 18+, these Docker images are configured"],
  patterns: [/in 18\+, these Docker images are configured to store database data/],
  what: "{service|the postgres:18 service} has its volume at a path that PostgreSQL 18's image no longer uses",
  why: "From 18 on the image keeps its data below /var/lib/postgresql/MAJOR/docker. A volume at /var/lib/postgresql/data stays unused, so the data would be lost with the container.",
  cure: [
    { say: "Mount the volume at /var/lib/postgresql", run: "bulkhead check --fix=behaviour --rule postgres-18-mount" },
    { say: "Data of an older major has to be backed up there and restored here", run: "bulkhead db backup" },
  ],
  keepsDown: true,
  sources: [
    "https://github.com/docker-library/postgres/pull/1259",
    "https://github.com/docker-library/postgres/issues/1400",
  ],
  examples: ["postgres-1 | Error: in 18+, these Docker images are configured to store database data in a"],
  lookalikes: ["postgres-1 | PostgreSQL Database directory appears to contain a database; Skipping initialization"],
});
