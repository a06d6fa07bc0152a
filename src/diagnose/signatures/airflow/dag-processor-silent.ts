import { defineSignature } from "../../signature.ts";

export const dagProcessorSilent = defineSignature({
  id: "dag-processor-silent",
  group: "airflow",
  kind: "fault",
  confidence: "likely",
  marks: ["processor does not appear to be running"],
  patterns: [/The [Dd][Aa][Gg][ -]?processor does not appear to be running/],
  what: "no dag-processor reports, so no DAG is read",
  why: "In Airflow 3 the dag-processor is a component of its own and required. It was not started, or was killed for want of memory while it read the DAGs.",
  follows: ["network", "postgres", "alembic", "host", "packages"],
  cure: [
    {
      say: "Add the component where the file has none",
      run: "bulkhead check --fix=behaviour --rule airflow-component-missing",
    },
    { say: "Else read its log", run: "bulkhead logs airflow-dag-processor --tail 100" },
  ],
  sources: ["https://github.com/apache/airflow/issues/49689"],
  examples: [
    "airflow-apiserver-1 | The dag processor does not appear to be running. Last heartbeat was received 12 minutes ago.",
  ],
  lookalikes: [
    "airflow-apiserver-1 | The scheduler does not appear to be running. Last heartbeat was received 5 minutes ago.",
  ],
});
