import { defineSignature } from "../../signature.ts";

export const healthcheckToolMissing = defineSignature({
  id: "healthcheck-tool-missing",
  group: "host",
  kind: "fault",
  confidence: "likely",
  marks: [
    "curl: not found",
    "curl: command not found",
    "wget: not found",
    '"curl": executable file not found',
    '"wget": executable file not found',
    "nc: not found",
    '"pg_isready": executable file not found',
  ],
  patterns: [
    /(?<tool>curl|wget|nc|pg_isready): (?:command )?not found/,
    /exec: "(?<tool>curl|wget|nc|pg_isready)": executable file not found/,
  ],
  what: "the image of {service|a service} has no {tool}, which its health check calls",
  why: "The check cannot pass however healthy the service is, so it stays unhealthy and what waits for it never starts.",
  cure: [
    {
      say: "Use what the image has: Python in MLflow's, curl in Airflow's, pg_isready in PostgreSQL's",
      run: "bulkhead check --fix=behaviour --rule healthcheck-cannot-pass",
    },
  ],
  keepsDown: true,
  sources: ["https://github.com/mlflow/mlflow/pull/10276"],
  examples: [
    "mlflow-1 | /bin/sh: 1: curl: not found",
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH: unknown',
  ],
  lookalikes: ["mlflow-1 | curl: (7) Failed to connect to localhost port 5000"],
});
