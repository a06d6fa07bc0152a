import { defineSignature } from "../../signature.ts";

export const airflowServing = defineSignature({
  id: "airflow-serving",
  group: "facts",
  kind: "fact",
  confidence: "certain",
  marks: ["Listening at: http", "Starting the scheduler", "Uvicorn running on", "Adopting or resetting orphaned tasks"],
  patterns: [/Listening at: https?:|Starting the scheduler|Uvicorn running on|Adopting or resetting orphaned tasks/],
  what: "a component of Airflow is at work",
  why: "It reached its database before.",
  cure: [],
  sources: ["airflow/jobs/scheduler_job_runner.py", "gunicorn/arbiter.py", "uvicorn/server.py"],
  examples: [
    "airflow-scheduler-1 | [2026-11-23T06:37:58.902+0000] {scheduler_job_runner.py:1522} INFO - Adopting or resetting orphaned tasks for active dag runs",
  ],
  lookalikes: ["airflow-scheduler-1 | Listening for events"],
});
