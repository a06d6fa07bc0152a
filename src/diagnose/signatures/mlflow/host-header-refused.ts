import { defineSignature } from "../../signature.ts";

export const hostHeaderRefused = defineSignature({
  id: "host-header-refused",
  group: "mlflow",
  kind: "fault",
  confidence: "certain",
  marks: ["Invalid Host header", "Rejected request with invalid Host header"],
  patterns: [
    /Rejected request with invalid Host header: (?<host>\S+)/,
    /Invalid Host header - possible DNS rebinding attack detected/,
  ],
  what: "MLflow refuses requests that name it {host|by its service}",
  why: "From 3.5 the server checks the Host header. Service names are not allowed unless --allowed-hosts names them, port included; /health is exempt, so a green health check proves nothing. The flag replaces the defaults: keep localhost in it.",
  cure: [
    { say: "Allow the service's name", run: "bulkhead check --fix=behaviour --rule mlflow-allowed-hosts" },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/mlflow/mlflow/pull/17910", "https://github.com/mlflow/mlflow/issues/22095"],
  examples: [
    "airflow-worker-1 | mlflow.exceptions.MlflowException: API request to endpoint /api/2.0/mlflow/experiments/get-by-name failed with error code 403 != 200. Response body: 'Invalid Host header - possible DNS rebinding attack detected'",
    "mlflow-1 | 2026/11/23 06:37:58 WARNING mlflow.server.fastapi_security: Rejected request with invalid Host header: mlflow:5000",
  ],
  lookalikes: ["airflow-worker-1 | requests.exceptions.InvalidHeader: Invalid header"],
});
