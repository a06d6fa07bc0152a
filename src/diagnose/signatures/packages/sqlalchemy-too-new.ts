import { defineSignature } from "../../signature.ts";

export const sqlalchemyTooNew = defineSignature({
  id: "sqlalchemy-too-new",
  group: "packages",
  kind: "fault",
  confidence: "certain",
  marks: ["FallbackAsyncAdaptedQueuePool"],
  patterns: [/cannot import name 'FallbackAsyncAdaptedQueuePool'/],
  what: "{service|MLflow} was built for an older SQLAlchemy than the 2.1 that is installed",
  why: "SQLAlchemy 2.1 removed a class that MLflow imports before its release for 2.1.",
  cure: [
    { say: "Install sqlalchemy<2.1 beside it, or a newer MLflow", run: "docker compose build --no-cache {service}" },
  ],
  sources: ["https://github.com/mlflow/mlflow/pull/20203"],
  examples: ["mlflow-1 | ImportError: cannot import name 'FallbackAsyncAdaptedQueuePool' from 'sqlalchemy.pool'"],
  lookalikes: ["mlflow-1 | ImportError: cannot import name 'service' from 'google.protobuf'"],
});
