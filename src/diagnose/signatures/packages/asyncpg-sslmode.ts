import { defineSignature } from "../../signature.ts";

export const asyncpgSslmode = defineSignature({
  id: "asyncpg-sslmode",
  group: "packages",
  kind: "fault",
  confidence: "certain",
  marks: ["unexpected keyword argument 'sslmode'"],
  patterns: [/unexpected keyword argument 'sslmode'/],
  what: "{service|a service} hands sslmode to asyncpg, which calls it ssl",
  why: "Airflow 3 makes an asyncpg connection string from the other one by itself, query and all. asyncpg does not know libpq's words.",
  cure: [
    {
      say: "Set AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC with ?ssl= in place of ?sslmode=",
      run: "bulkhead check --rule async-driver --rule sslmode-refused",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  part: "all",
  sources: ["https://github.com/sqlalchemy/sqlalchemy/issues/6275"],
  examples: ["airflow-apiserver-1 | TypeError: connect() got an unexpected keyword argument 'sslmode'"],
  lookalikes: ["airflow-apiserver-1 | TypeError: connect() got an unexpected keyword argument 'timeout'"],
});
