import { defineSignature } from "../../signature.ts";

export const localhostInContainer = defineSignature({
  id: "localhost-in-container",
  group: "network",
  kind: "fault",
  confidence: "likely",
  marks: ["connection to server at", "Is the server running on host", "Connect call failed ("],
  patterns: [
    /connection to server at "(?<host>localhost|127\.0\.0\.1|::1)"(?: \([^)]*\))?, port (?<port>\d+) failed: Connection refused/,
    /Is the server running on host "(?<host>localhost|127\.0\.0\.1)"/,
    /Connect call failed \('(?<host>127\.0\.0\.1|::1)', (?<port>\d+)/,
  ],
  what: "{service|a service} looks for PostgreSQL on {host}, which inside a container is the container itself",
  why: "Each service has a loopback address of its own. The database is reached by its service's name, on the port it has inside its container (5432, not the published one).",
  cure: [
    {
      say: "Put the PostgreSQL service's name into the connection string",
      run: "bulkhead check --fix=behaviour --rule localhost-in-container",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  part: "host",
  sources: ["https://github.com/mlflow/mlflow/issues/8783"],
  examples: [
    'mlflow-1 | psycopg2.OperationalError: connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused',
    "airflow-1 | ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 5432)",
  ],
  lookalikes: [
    'mlflow-1 | psycopg2.OperationalError: connection to server at "postgres" (172.24.0.5), port 5432 failed: Connection refused',
  ],
});
