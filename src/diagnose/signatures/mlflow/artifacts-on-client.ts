import { defineSignature } from "../../signature.ts";

export const artifactsOnClient = defineSignature({
  id: "artifacts-on-client",
  group: "mlflow",
  kind: "fault",
  confidence: "certain",
  marks: ["PermissionError", "Read-only file system"],
  patterns: [
    /PermissionError: \[Errno 13\] Permission denied: '(?<path>\/(?:mlflow|mlruns|mlartifacts)[^']*)'/,
    /OSError: \[Errno 30\] Read-only file system: '(?<path>\/(?:mlflow|mlruns|mlartifacts)[^']*)'/,
  ],
  what: "{service|an MLflow client} writes artifacts to {path}, a path of the server's own disk",
  why: "Without --serve-artifacts the server hands its --default-artifact-root to clients, who write there themselves: in another container that path is another one. Experiments keep the place they were made with.",
  cure: [
    {
      say: "Let the server take artifacts in: --serve-artifacts with --artifacts-destination",
      run: "bulkhead check --fix=behaviour --rule mlflow-artifacts-not-shared",
    },
    { say: "Use a new experiment: existing ones keep the old place", run: "bulkhead prove" },
  ],
  sources: ["https://github.com/mlflow/mlflow/issues/212", "https://github.com/mlflow/mlflow/issues/14561"],
  examples: ["airflow-worker-1 | PermissionError: [Errno 13] Permission denied: '/mlflow'"],
  lookalikes: ["airflow-scheduler-1 | PermissionError: [Errno 13] Permission denied: '/opt/airflow/logs/scheduler'"],
});
