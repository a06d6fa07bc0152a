import { certainIn } from "../../certain-in.ts";
import { defineSignature } from "../../signature.ts";

export const tokenExpired = defineSignature({
  id: "token-expired",
  group: "airflow",
  kind: "fault",
  confidence: "likely",
  judge: certainIn("airflow"),
  marks: ["Signature has expired"],
  patterns: [/(?:Invalid auth token: )?Signature has expired/],
  what: "a task of {service|Airflow} waited in the queue longer than its token lives",
  why: "The token is made when the task is queued and lives for [execution_api] jwt_expiration_time (10 minutes). With too few workers tasks start later than that; clocks that differ shorten it.",
  cure: [
    { say: "Raise AIRFLOW__EXECUTION_API__JWT_EXPIRATION_TIME, add workers, or upgrade Airflow", run: "bulkhead up" },
  ],
  sources: ["https://github.com/apache/airflow/issues/59637"],
  examples: [
    "airflow-scheduler-1 | airflow.sdk.api.client.ServerResponseError: Invalid auth token: Signature has expired",
  ],
  lookalikes: [
    "airflow-scheduler-1 | airflow.sdk.api.client.ServerResponseError: Invalid auth token: Signature verification failed",
  ],
});
