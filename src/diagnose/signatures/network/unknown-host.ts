import { defineSignature } from "../../signature.ts";

export const unknownHost = defineSignature({
  id: "unknown-host",
  group: "network",
  kind: "fault",
  confidence: "certain",
  marks: [
    "could not translate host name",
    "failed to resolve host",
    "Name or service not known",
    "Temporary failure in name resolution",
  ],
  patterns: [
    /could not translate host name "(?<host>[^"@]+)" to address/,
    /failed to resolve host '(?<host>[^'@]+)'/,
    /Failed to resolve '(?<host>[^']+)'/,
    /NameResolutionError\(.*host='(?<host>[^']+)'/,
  ],
  what: "{service|a service} looks for the host {host}, which no name server knows",
  why: "Inside a Compose project the names are those of the services (and their aliases) on a network that both share. The service has another name, runs on another network, was not started, or has ended: a stopped container has no name.",
  follows: ["down"],
  endsWith: ["airflow-serving", "mlflow-serving"],
  cure: [
    {
      say: "Compare the name with the services and their networks",
      run: "bulkhead check --rule unknown-host --rule no-shared-network",
    },
    { say: "See whether the service behind it runs", run: "bulkhead ps --all" },
  ],
  part: "host",
  sources: ["https://github.com/apache/airflow/issues/25515"],
  examples: [
    'airflow-init-1  | psycopg2.OperationalError: could not translate host name "postgres" to address: Name or service not known',
    "mlflow-1 | psycopg.OperationalError: failed to resolve host 'postgress': [Errno -2] Name or service not known",
  ],
  lookalikes: [
    'airflow-init-1  | psycopg2.OperationalError: could not translate host name "word@postgres" to address: Name or service not known',
    "airflow-1 | socket.gaierror: [Errno -3] Temporary failure in name resolution",
  ],
});
