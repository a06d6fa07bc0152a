import { defineSignature } from "../../signature.ts";

export const otherMajorData = defineSignature({
  id: "other-major-data",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["database files are incompatible with server", "initialized by PostgreSQL version"],
  patterns: [
    /initialized by PostgreSQL version (?<old>\d+)(?:\.\d+)?, which is not compatible with this version (?<new>\d+)/,
    /database files are incompatible with server/,
  ],
  what: "the volume of {service|PostgreSQL} holds data of PostgreSQL {old|of another major version}, which the image's release cannot read",
  why: "A PostgreSQL server reads the files of its own major version only. The image's tag was raised over an existing volume; the data is unharmed.",
  cure: [
    { say: "Set the tag back to the version that made the volume, and start that", run: "bulkhead up" },
    {
      say: "To move on: back up under the old version, then restore under the new one into a new volume",
      run: "bulkhead db backup",
    },
  ],
  keepsDown: true,
  sources: ["https://github.com/Arize-ai/phoenix/pull/4855"],
  examples: [
    "postgres-1 | 2026-11-23 06:37:58.902 UTC [1] FATAL:  database files are incompatible with server\npostgres-1 | 2026-11-23 06:37:58.902 UTC [1] DETAIL:  The data directory was initialized by PostgreSQL version 13, which is not compatible with this version 17.2 (Debian 17.2-1.pgdg120+1).",
  ],
  lookalikes: ["postgres-1 | LOG:  database system was shut down at 2026-11-23 06:37:58 UTC"],
});
