import { defineSignature } from "../../signature.ts";

export const workerTimeout = defineSignature({
  id: "worker-timeout",
  group: "mlflow",
  kind: "fault",
  confidence: "likely",
  marks: ["WORKER TIMEOUT"],
  patterns: [/\[CRITICAL\] WORKER TIMEOUT \(pid:\d+\)/],
  what: "gunicorn ended a worker of {service|the server} that took longer than its time limit for one request",
  why: "The limit is 30 s. Uploads of large artifacts through the server, and first requests on a slow machine, take longer.",
  cure: [
    {
      say: 'Raise it: --gunicorn-opts "--timeout 300" for MLflow, AIRFLOW__WEBSERVER__WEB_SERVER_WORKER_TIMEOUT for Airflow 2',
      run: "bulkhead up",
    },
  ],
  sources: ["https://github.com/mlflow/mlflow/issues/8963", "https://github.com/mlflow/mlflow/issues/7564"],
  examples: ["mlflow-1 | [2026-11-23 06:37:58 +0000] [21] [CRITICAL] WORKER TIMEOUT (pid:57)"],
  lookalikes: ["mlflow-1 | [2026-11-23 06:37:58 +0000] [21] [INFO] Booting worker with pid: 57"],
});
