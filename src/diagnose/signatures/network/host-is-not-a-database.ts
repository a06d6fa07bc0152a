import { defineSignature } from "../../signature.ts";
import { isOtherApplication } from "../../is-other-application.ts";

export const hostIsNotADatabase = defineSignature({
  id: "host-is-not-a-database",
  group: "network",
  kind: "fault",
  confidence: "certain",
  marks: ["connection to server at", "Is the server running on host"],
  patterns: [
    /connection to server at "(?<host>[^"]+)"(?: \([^)]*\))?, port (?<port>\d+) failed: Connection refused/,
    /Is the server running on host "(?<host>[^"]+)"/,
  ],
  judge: isOtherApplication,
  what: "{service|a service} looks for PostgreSQL at {host}, which is no database but an application",
  why: "The connection string names the application's own service where the PostgreSQL service belongs. Nothing listens on a PostgreSQL port there, so every attempt is refused, and waiting does not help.",
  cure: [
    {
      say: "Put the PostgreSQL service's name into the connection string",
      run: "bulkhead check --fix=behaviour --rule host-is-not-a-database",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  part: "host",
  sources: ["https://docs.docker.com/compose/how-tos/networking/"],
  examples: [
    'airflow-1 | connection to server at "airflow" (172.24.0.5), port 5432 failed: Connection refused',
    'mlflow-1 | could not connect to server: Connection refused Is the server running on host "mlflow" (172.24.0.4) and accepting',
  ],
  lookalikes: ['airflow-1 | connection to server at "postgres" (172.24.0.5), port 5432 failed: Connection refused'],
});
