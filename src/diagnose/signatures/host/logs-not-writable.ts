import { defineSignature } from "../../signature.ts";

export const logsNotWritable = defineSignature({
  id: "logs-not-writable",
  group: "host",
  kind: "fault",
  confidence: "certain",
  marks: ["PermissionError"],
  patterns: [/PermissionError: \[Errno 13\] Permission denied: '(?<path>\/opt\/airflow\/[^']*)'/],
  what: "{service|Airflow} may not write {path}",
  why: "The directory on the host belongs to root (Docker makes missing bind mounts as root), and Airflow runs as AIRFLOW_UID, 50000 unless set.",
  cure: [
    { say: "Let Airflow run as you", run: 'echo "AIRFLOW_UID=$(id -u)" >> .env' },
    {
      say: "Give the directories that root made to the same account (on SELinux, mount them with :z)",
      run: 'sudo chown -R "$(id -u):0" logs dags plugins',
    },
  ],
  keepsDown: true,
  sources: ["https://github.com/apache/airflow/issues/17320"],
  examples: ["airflow-scheduler-1 | PermissionError: [Errno 13] Permission denied: '/opt/airflow/logs/scheduler'"],
  lookalikes: ["airflow-worker-1 | PermissionError: [Errno 13] Permission denied: '/mlflow'"],
});
