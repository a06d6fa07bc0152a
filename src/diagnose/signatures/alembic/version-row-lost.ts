import { defineSignature } from "../../signature.ts";

export const versionRowLost = defineSignature({
  id: "version-row-lost",
  group: "alembic",
  kind: "fault",
  confidence: "certain",
  marks: ["Detected out-of-date database schema"],
  patterns: [/Detected out-of-date database schema \(found version None, but expected (?<expected>\w+)\)/],
  what: "the database of {service|MLflow} has MLflow's tables and no row in alembic_version",
  why: "Somebody emptied alembic_version, often to get past a collision. The tables are as they were, only the note of their version is gone. Running the migration again from the start fails on columns that exist, and running it in Airflow would stamp the newest version on old tables.",
  cure: [
    { say: "Find out which revision the tables are at", run: "bulkhead db status" },
    { say: "Back up before anything writes to it", run: "bulkhead db backup" },
  ],
  part: "database",
  sources: ["https://github.com/mlflow/mlflow/issues/2049"],
  examples: [
    "mlflow-1 | mlflow.exceptions.MlflowException: Detected out-of-date database schema (found version None, but expected 7f2a7d5fae7d). Take a backup of your database",
  ],
  lookalikes: [
    "mlflow-1 | mlflow.exceptions.MlflowException: Detected out-of-date database schema (found version 7f2a7d5fae7d, but expected 0584bdc529eb). Take a backup",
  ],
});
