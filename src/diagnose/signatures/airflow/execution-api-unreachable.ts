import { defineSignature } from "../../signature.ts";

export const executionApiUnreachable = defineSignature({
  id: "execution-api-unreachable",
  group: "airflow",
  kind: "fault",
  confidence: "likely",
  marks: ["httpx.ConnectError"],
  patterns: [/httpx\.ConnectError: (?<error>.+?)\s*$/],
  what: "tasks of {service|Airflow} cannot reach the api-server",
  why: "Airflow 3's tasks do not open the database, they call [core] execution_api_server_url. Its default is localhost, which in a worker's container is the worker.",
  follows: ["network", "postgres", "alembic", "host", "packages"],
  cure: [
    {
      say: "Point it at the api-server's service",
      run: "bulkhead check --fix=behaviour --rule airflow-execution-api-url",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/apache/airflow/issues/49931"],
  examples: ["airflow-scheduler-1 | httpx.ConnectError: [Errno 111] Connection refused"],
  lookalikes: ["airflow-scheduler-1 | httpx.ReadTimeout: timed out"],
});
