import { defineSignature } from "../../signature.ts";
import { isOtherApplication } from "../../is-other-application.ts";

export const connectionRefused = defineSignature({
  id: "connection-refused",
  group: "network",
  kind: "fault",
  confidence: "likely",
  marks: [
    "connection to server at",
    "Is the server running on host",
    "Connect call failed (",
    "could not connect to server: Connection refused",
  ],
  patterns: [
    /connection to server at "(?<host>(?!localhost|127\.|::1)[^"]+)"(?: \([^)]*\))?, port (?<port>\d+) failed: Connection refused/,
    /Is the server running on host "(?<host>(?!localhost|127\.)[^"]+)"/,
    /Connect call failed \('(?<host>(?!127\.|::1)[^']+)', (?<port>\d+)/,
    /could not connect to server: Connection refused\s*$/,
  ],
  judge: (sighting, context) =>
    isOtherApplication(sighting, context) === undefined ? { confidence: "likely" } : undefined,
  what: "{service|a service} reaches {host|the database's host}, and no PostgreSQL answers there on port {port|5432}",
  why: "The name is known, but nothing listens on that port: the server is not up yet, has ended, or listens on another port (inside the network it is the container's port, not the published one).",
  follows: ["down"],
  endsWith: ["airflow-serving", "mlflow-serving", "airflow-migrated"],
  cure: [
    { say: "See whether the server runs and what it says", run: "bulkhead logs {server}" },
    {
      say: "Let the service wait until the database is healthy, on the right port",
      run: "bulkhead check --fix=behaviour --rule not-gated-by-health --rule wrong-port",
    },
  ],
  part: "port",
  sources: ["https://github.com/mlflow/mlflow/issues/8783"],
  examples: [
    'airflow-1 | psycopg2.OperationalError: connection to server at "postgres" (172.24.0.5), port 5432 failed: Connection refused',
    'mlflow-1 |         Is the server running on host "postgres" (172.24.0.5) and accepting',
  ],
  lookalikes: [
    'airflow-1 | connection to server at "airflow" (172.24.0.5), port 5432 failed: Connection refused',
    'mlflow-1 | psycopg2.OperationalError: connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused',
  ],
});
