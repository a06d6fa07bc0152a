import { defineSignature } from "../../signature.ts";

export const noHbaEntry = defineSignature({
  id: "no-hba-entry",
  group: "network",
  kind: "fault",
  confidence: "certain",
  marks: ["no pg_hba.conf entry for host"],
  patterns: [
    /no pg_hba\.conf entry for host "(?<address>[^"]+)", user "(?<user>[^"]+)", database "(?<database>[^"]+)"(?:, (?<encryption>no encryption|SSL encryption|SSL on|SSL off))?/,
  ],
  what: "{server|PostgreSQL} has no rule that lets {user} into {database} from {address}",
  why: "pg_hba.conf lists who may connect, how and from where. The server wants SSL from other machines, or lists other addresses than those of this network.",
  cure: [
    {
      say: "Where it says `no encryption`, ask for SSL: add ?sslmode=require to the connection string",
      run: "bulkhead why {service}.environment",
    },
    {
      say: "Else see the rules the server has",
      run: 'bulkhead exec {server} psql -U {superuser} -d postgres -c "SELECT line_number, type, database, user_name, address, auth_method FROM pg_hba_file_rules"',
    },
  ],
  part: "all",
  sources: ["https://github.com/zalando/postgres-operator/issues/2020"],
  examples: [
    'airflow-1 | psycopg2.OperationalError: connection to server at "pg" (10.0.0.7), port 5432 failed: FATAL:  no pg_hba.conf entry for host "10.0.0.9", user "airflow", database "airflow", no encryption',
  ],
  lookalikes: ["postgres-1 | LOG:  received SIGHUP, reloading configuration files"],
});
