import { defineSignature } from "../../signature.ts";

export const unescapedAtSign = defineSignature({
  id: "unescaped-at-sign",
  group: "network",
  kind: "fault",
  confidence: "certain",
  marks: ["could not translate host name"],
  patterns: [/could not translate host name "[^"]*@(?<host>[^"@]+)" to address/],
  what: "the password in the connection string of {service|a service} holds an @ that is not escaped: its rest is taken for the host name",
  why: "In a URL everything up to the first @ is the password. A raw @ in it moves the rest into the host name.",
  cure: [
    {
      say: "Write %40 for the @ (and %2F for /, %23 for #, %25 for %)",
      run: "bulkhead check --fix=behaviour --rule unescaped-character",
    },
  ],
  part: "password",
  sources: [
    "SQLAlchemy engine/url.py",
    "https://docs.sqlalchemy.org/en/20/core/engines.html#escaping-special-characters-such-as-signs-in-passwords",
  ],
  examples: [
    'airflow-init-1  | psycopg2.OperationalError: could not translate host name "word@postgres" to address: Name or service not known',
  ],
  lookalikes: [
    'airflow-init-1  | psycopg2.OperationalError: could not translate host name "postgres" to address: Name or service not known',
  ],
});
