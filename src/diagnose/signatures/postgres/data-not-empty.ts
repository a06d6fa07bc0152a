import { defineSignature } from "../../signature.ts";

export const dataNotEmpty = defineSignature({
  id: "data-not-empty",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["exists but is not empty"],
  patterns: [/directory "(?<directory>[^"]+)" exists but is not empty/],
  what: "{service|PostgreSQL} was to make its cluster in {directory}, which holds other files",
  why: "initdb wants an empty directory. A mount point often holds `lost+found` or a `.gitkeep`, or somebody's half-copied data.",
  cure: [
    {
      say: "Give the cluster a directory below the mount: PGDATA=/var/lib/postgresql/data/pgdata",
      run: "bulkhead why {service}.environment",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  keepsDown: true,
  sources: ["https://github.com/docker-library/postgres/issues/355"],
  examples: ['postgres-1 | initdb: error: directory "/var/lib/postgresql/data" exists but is not empty'],
  lookalikes: ['postgres-1 | initdb: warning: enabling "trust" authentication for local connections'],
});
