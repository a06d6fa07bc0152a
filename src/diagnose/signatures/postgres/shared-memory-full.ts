import { defineSignature } from "../../signature.ts";

export const sharedMemoryFull = defineSignature({
  id: "shared-memory-full",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["could not resize shared memory segment"],
  patterns: [
    /could not resize shared memory segment "(?<segment>[^"]+)" to (?<bytes>\d+) bytes: No space left on device/,
  ],
  what: "{server|PostgreSQL} ran out of /dev/shm, which a container has 64 MB of",
  why: "Parallel queries share memory through /dev/shm. This is not the disk.",
  cure: [{ say: "Set shm_size: 256mb for the service in the Compose file, then create it again", run: "bulkhead up" }],
  sources: ["https://github.com/docker-library/postgres/issues/416"],
  examples: [
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [63] ERROR:  could not resize shared memory segment "/PostgreSQL.1804289383" to 8388608 bytes: No space left on device',
  ],
  lookalikes: ['postgres-1 | PANIC:  could not write to file "pg_wal/xlogtemp.63": No space left on device'],
});
