import { defineSignature } from "../../signature.ts";

export const tooManyClients = defineSignature({
  id: "too-many-clients",
  group: "network",
  kind: "fault",
  confidence: "certain",
  marks: ["too many clients already", "remaining connection slots are reserved"],
  patterns: [/(?:sorry, too many clients already|remaining connection slots are reserved)/],
  what: "{server|PostgreSQL} has no connection left for {service|a service}",
  why: "Every worker process of every component keeps a pool of its own. Together they want more than max_connections (100 unless set).",
  cure: [
    { say: "Add up who may open how many", run: "bulkhead check --rule connection-budget" },
    {
      say: "Lower AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE, AIRFLOW__CORE__PARALLELISM or MLflow's --workers, or raise max_connections in the server's command",
      run: "bulkhead up",
    },
  ],
  sources: ["https://github.com/apache/airflow/issues/26756"],
  examples: [
    'airflow-1 | psycopg2.OperationalError: connection to server at "postgres" (172.24.0.5), port 5432 failed: FATAL:  sorry, too many clients already',
    "postgres-1 | 2026-11-23 06:37:58.902 UTC [63] FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
  ],
  lookalikes: ["postgres-1 | LOG:  could not receive data from client: Connection reset by peer"],
});
