import { defineSignature } from "../../signature.ts";

export const connectionTimedOut = defineSignature({
  id: "connection-timed-out",
  group: "network",
  kind: "fault",
  confidence: "likely",
  marks: ["connection to server at"],
  patterns: [
    /connection to server at "(?<host>[^"]+)"(?: \([^)]*\))?, port (?<port>\d+) failed: (?:timeout expired|Connection timed out|No route to host|Network is unreachable)/,
  ],
  what: "{service|a service} gets no answer from {host}:{port}",
  why: "Packets go nowhere: the address is outside the project's networks, a firewall drops them, or the machine behind it is off.",
  cure: [
    { say: "Check that both are on one network", run: "bulkhead check --rule no-shared-network --rule unknown-host" },
  ],
  part: "host",
  sources: ["libpq fe-connect.c"],
  examples: [
    'airflow-1 | psycopg2.OperationalError: connection to server at "10.0.0.7", port 5432 failed: timeout expired',
  ],
  lookalikes: [
    'airflow-1 | psycopg2.OperationalError: connection to server at "10.0.0.7", port 5432 failed: Connection refused',
  ],
});
