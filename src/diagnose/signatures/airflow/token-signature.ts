import { certainIn } from "../../certain-in.ts";
import { defineSignature } from "../../signature.ts";

export const tokenSignature = defineSignature({
  id: "token-signature",
  group: "airflow",
  kind: "fault",
  confidence: "likely",
  // Airflow 2 has no such tokens: there the same exception refuses who asks for a task's log.
  judge: (sighting, context) =>
    context.hasSeen("task-log-forbidden") ? undefined : certainIn("airflow")(sighting, context),
  marks: ["Signature verification failed"],
  patterns: [/(?:Invalid auth token: )?Signature verification failed/],
  what: "the api-server refuses the token of {service|another component}: their jwt_secret differs",
  why: "Airflow 3's tasks talk to the api-server with a token signed by [api_auth] jwt_secret. Unset, each component makes its own at start.",
  cure: [
    {
      say: "Set AIRFLOW__API_AUTH__JWT_SECRET to one value for all components",
      run: "bulkhead check --fix=behaviour --rule airflow-secret-not-shared",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/apache/airflow/issues/49646", "https://github.com/apache/airflow/issues/64826"],
  examples: [
    "airflow-scheduler-1 | airflow.sdk.api.client.ServerResponseError: Invalid auth token: Signature verification failed",
  ],
  lookalikes: [
    "airflow-scheduler-1 | airflow.sdk.api.client.ServerResponseError: Invalid auth token: Signature has expired",
  ],
});
