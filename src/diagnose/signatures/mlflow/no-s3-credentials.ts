import { certainIn } from "../../certain-in.ts";
import { defineSignature } from "../../signature.ts";

export const noS3Credentials = defineSignature({
  id: "no-s3-credentials",
  group: "mlflow",
  kind: "fault",
  confidence: "likely",
  judge: certainIn("mlflow"),
  marks: ["Unable to locate credentials"],
  patterns: [/NoCredentialsError: Unable to locate credentials/],
  what: "{service|an MLflow client} has no keys for the bucket that artifacts go to",
  why: "With an s3:// root and no proxying every client writes to the bucket itself and needs the keys in its own environment.",
  cure: [
    {
      say: "Let the server write for everybody: --serve-artifacts --artifacts-destination s3://BUCKET",
      run: "bulkhead check --rule mlflow-artifacts-not-shared",
    },
    {
      say: "Or give that service AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for MinIO, MLFLOW_S3_ENDPOINT_URL",
      run: "bulkhead up",
    },
  ],
  sources: ["https://github.com/mlflow/mlflow/issues/1971", "https://github.com/mlflow/mlflow/issues/2150"],
  examples: ["airflow-worker-1 | botocore.exceptions.NoCredentialsError: Unable to locate credentials"],
  lookalikes: [
    "airflow-worker-1 | botocore.exceptions.ClientError: An error occurred (403) when calling the HeadObject operation: Forbidden",
  ],
});
