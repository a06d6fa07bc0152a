import { defineSignature } from "../../signature.ts";

export const psycopg2Missing = defineSignature({
  id: "psycopg2-missing",
  group: "packages",
  kind: "fault",
  confidence: "certain",
  marks: ["No module named 'psycopg"],
  patterns: [/No module named '(?<module>psycopg2?)'/],
  what: "{service|a service} has no PostgreSQL driver: Python does not find {module}",
  why: "The official MLflow image brings none. SQLAlchemy 2.1 takes psycopg 3 for a bare postgresql://, so an image with psycopg2 alone needs postgresql+psycopg2://.",
  cure: [
    {
      say: "Install psycopg2-binary in an image of your own, or name the driver that is installed",
      run: "bulkhead check --fix=behaviour --rule missing-driver",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  part: "scheme",
  sources: ["https://github.com/mlflow/mlflow/issues/9513"],
  examples: [
    "mlflow-1 | ModuleNotFoundError: No module named 'psycopg2'",
    "mlflow-1 | ModuleNotFoundError: No module named 'psycopg'",
  ],
  lookalikes: ["mlflow-1 | ModuleNotFoundError: No module named 'psycopg2_pool_extras'"],
});
