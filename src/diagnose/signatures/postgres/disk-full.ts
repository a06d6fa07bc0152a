import { defineSignature } from "../../signature.ts";

export const diskFull = defineSignature({
  id: "disk-full",
  group: "postgres",
  kind: "fault",
  confidence: "certain",
  marks: ["No space left on device"],
  patterns: [
    /PANIC:\s+could not write to file "(?<file>[^"]+)"/,
    /could not (?:write|extend|create|open)(?: to)? file "(?<file>[^"]+)".*No space left on device/,
    /(?<!bytes: )No space left on device/,
  ],
  what: "the disk that {service|a service} writes to is full",
  why: "PostgreSQL stops when it cannot write its log, and everything that needs it stops with it.",
  cure: [
    { say: "See what fills it", run: "docker system df -v; df -h" },
    {
      say: "Free space (unused images, old task logs), then start again. Never delete anything in pg_wal: it holds the newest changes.",
      run: "bulkhead up",
    },
  ],
  keepsDown: true,
  sources: ["https://github.com/puckel/docker-airflow/issues/448"],
  examples: [
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [63] PANIC:  could not write to file "pg_wal/xlogtemp.63": No space left on device',
    "airflow-scheduler-1 | OSError: [Errno 28] No space left on device: '/opt/airflow/logs/scheduler/latest'",
  ],
  lookalikes: [
    'postgres-1 | ERROR:  could not resize shared memory segment "/PostgreSQL.1804289383" to 8388608 bytes: No space left on device',
  ],
});
