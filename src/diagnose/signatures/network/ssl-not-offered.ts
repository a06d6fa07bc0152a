import { defineSignature } from "../../signature.ts";

export const sslNotOffered = defineSignature({
  id: "ssl-not-offered",
  group: "network",
  kind: "fault",
  confidence: "certain",
  marks: ["server does not support SSL, but SSL was required"],
  patterns: [
    /connection to server at "(?<host>[^"]+)".*server does not support SSL, but SSL was required/,
    /server does not support SSL, but SSL was required/,
  ],
  what: "{service|a service} asks for SSL, which {server|the server} does not offer",
  why: "sslmode=require stands in the connection string, and the postgres image has SSL off unless it is given a certificate.",
  cure: [
    {
      say: "Leave sslmode out inside the project's own network",
      run: "bulkhead check --fix=behaviour --rule sslmode-refused",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  part: "all",
  sources: ["libpq fe-connect.c"],
  examples: [
    'mlflow-1 | psycopg2.OperationalError: connection to server at "postgres" (172.24.0.5), port 5432 failed: server does not support SSL, but SSL was required',
  ],
  lookalikes: ["mlflow-1 | ssl.SSLError: [SSL] record layer failure"],
});
