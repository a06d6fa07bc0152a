import { defineSignature } from "../../signature.ts";

export const unknownDialect = defineSignature({
  id: "unknown-dialect",
  group: "packages",
  kind: "fault",
  confidence: "certain",
  marks: ["Can't load plugin: sqlalchemy.dialects:"],
  patterns: [/Can't load plugin: sqlalchemy\.dialects:(?<dialect>[\w.]+)/],
  what: "the connection string of {service|a service} begins with {dialect}, a dialect that SQLAlchemy does not have",
  why: "SQLAlchemy 1.4 and newer know postgresql://, not postgres://. A driver's name after the + has to be an installed one.",
  cure: [
    { say: "Write postgresql+psycopg2://", run: "bulkhead check --fix=behaviour --rule unknown-dialect" },
    { say: "Then start again", run: "bulkhead up" },
  ],
  part: "scheme",
  sources: ["https://github.com/mlflow/mlflow/issues/5197"],
  examples: ["mlflow-1 | sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:postgres"],
  lookalikes: ["airflow-1 | ModuleNotFoundError: No module named 'psycopg2'"],
});
