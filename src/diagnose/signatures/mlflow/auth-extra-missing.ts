import { defineSignature } from "../../signature.ts";

export const authExtraMissing = defineSignature({
  id: "auth-extra-missing",
  group: "mlflow",
  kind: "fault",
  confidence: "certain",
  marks: ["basic auth app requires the Flask-WTF package"],
  patterns: [/The MLflow basic auth app requires the Flask-WTF package/],
  what: "{service|MLflow} starts its basic-auth app without the packages it needs",
  why: "The login pages come with the extra `auth`; MLflow's own image and a plain `pip install mlflow` do not bring it.",
  cure: [
    {
      say: "Install mlflow[auth] in an image of your own, then build it",
      run: "docker compose build --no-cache {service}",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["mlflow/server/auth/__init__.py", "https://github.com/mlflow/mlflow/issues/14022"],
  examples: [
    "mlflow-1 | ImportError: The MLflow basic auth app requires the Flask-WTF package to perform CSRF validation. Please run `pip install mlflow[auth]` to install it.",
  ],
  lookalikes: [
    "mlflow-1 | mlflow.exceptions.MlflowException: A static secret key needs to be set for CSRF protection.",
  ],
});
