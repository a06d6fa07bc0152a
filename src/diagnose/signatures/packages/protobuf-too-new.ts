import { defineSignature } from "../../signature.ts";

export const protobufTooNew = defineSignature({
  id: "protobuf-too-new",
  group: "packages",
  kind: "fault",
  confidence: "certain",
  marks: ["cannot import name 'service' from 'google.protobuf'"],
  patterns: [/cannot import name 'service' from 'google\.protobuf'/],
  what: "{service|MLflow} was built for an older protobuf than the one that is installed",
  why: "protobuf removed what older MLflow releases import.",
  cure: [
    {
      say: "Pin protobuf as the release's requirements say (<5 for MLflow 2), or use a newer MLflow",
      run: "docker compose build --no-cache {service}",
    },
  ],
  sources: ["mlflow requirements/skinny-requirements.yaml"],
  examples: [
    "mlflow-1 | ImportError: cannot import name 'service' from 'google.protobuf' (/usr/local/lib/python3.11/site-packages/google/protobuf/__init__.py)",
  ],
  lookalikes: ["mlflow-1 | ImportError: cannot import name 'FallbackAsyncAdaptedQueuePool' from 'sqlalchemy.pool'"],
});
