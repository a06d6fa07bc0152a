import { defineSignature } from "../../signature.ts";

export const zombieTask = defineSignature({
  id: "zombie-task",
  group: "airflow",
  kind: "consequence",
  confidence: "likely",
  marks: ["Detected zombie job", "Detected a task instance without a heartbeat"],
  patterns: [/Detected (?:zombie job|a task instance without a heartbeat)/],
  what: "a task stopped reporting while it ran",
  why: "Its worker was killed or is overloaded. Airflow ends such a task after scheduler_zombie_task_threshold (3.x: task_instance_heartbeat_timeout).",
  cure: [
    { say: "Look for a process that was killed, and for load", run: "docker stats --no-stream; free -h" },
    { say: "Give workers more memory, or run fewer tasks at once (AIRFLOW__CORE__PARALLELISM)", run: "bulkhead up" },
  ],
  sources: ["https://github.com/apache/airflow/issues/29455", "https://github.com/apache/airflow/issues/51969"],
  examples: [
    "airflow-scheduler-1 | [2026-11-23T06:37:58.902+0000] {scheduler_job_runner.py:1737} ERROR - Detected zombie job: {'full_filepath': '/opt/airflow/dags/x.py'}",
  ],
  lookalikes: ["airflow-scheduler-1 | INFO - Adopting or resetting orphaned tasks for active dag runs"],
});
