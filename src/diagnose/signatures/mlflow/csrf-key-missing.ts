import { defineSignature } from "../../signature.ts";

export const csrfKeyMissing = defineSignature({
  id: "csrf-key-missing",
  group: "mlflow",
  kind: "fault",
  confidence: "certain",
  marks: ["A static secret key needs to be set for CSRF protection"],
  patterns: [/A static secret key needs to be set for CSRF protection/],
  what: "{service|MLflow} runs its basic-auth app without MLFLOW_FLASK_SERVER_SECRET_KEY",
  why: "The login pages of basic-auth sign their forms; without one key for all workers the app refuses to start.",
  cure: [
    {
      say: "Set MLFLOW_FLASK_SERVER_SECRET_KEY to a random text and keep it",
      run: 'echo "MLFLOW_FLASK_SERVER_SECRET_KEY=$(openssl rand -hex 32)" >> .env',
    },
    { say: "Pass it to the service (environment:), then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/mlflow/mlflow/issues/25754"],
  examples: [
    "mlflow-1 | mlflow.exceptions.MlflowException: A static secret key needs to be set for CSRF protection. Please set the `MLFLOW_FLASK_SERVER_SECRET_KEY` environment variable",
  ],
  lookalikes: ["mlflow-1 | RuntimeError: The session is unavailable because no secret key was set."],
});
