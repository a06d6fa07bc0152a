import { defineSignature } from "../../signature.ts";

export const schedulerSilent = defineSignature({
  id: "scheduler-silent",
  group: "airflow",
  kind: "consequence",
  confidence: "likely",
  marks: ["The scheduler does not appear to be running"],
  patterns: [/The scheduler does not appear to be running\.? ?(?:Last heartbeat was received (?<ago>[^.]+))?/],
  what: "the scheduler has not reported for a while",
  why: "It died, is starved of CPU or memory, or waits for the database. Nothing is scheduled meanwhile; its own log says why.",
  cure: [
    { say: "Read the scheduler's own log", run: "bulkhead logs airflow-scheduler --tail 100" },
    { say: "Start it again", run: "bulkhead restart airflow-scheduler" },
  ],
  sources: ["https://github.com/apache/airflow/issues/19192"],
  examples: [
    "airflow-webserver-1 | The scheduler does not appear to be running. Last heartbeat was received 5 minutes ago.",
  ],
  lookalikes: ["airflow-webserver-1 | The triggerer is running"],
});
