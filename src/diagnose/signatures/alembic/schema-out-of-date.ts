import { defineSignature } from "../../signature.ts";

export const schemaOutOfDate = defineSignature({
  id: "schema-out-of-date",
  group: "alembic",
  kind: "fault",
  confidence: "certain",
  marks: ["Detected out-of-date database schema"],
  patterns: [/Detected out-of-date database schema \(found version (?<found>\w+), but expected (?<expected>\w+)\)/],
  judge: ({ names }, { ownersOf }) => {
    const owners = ownersOf(names["found"] ?? "");
    if (names["found"] === "None" || (owners.length > 0 && owners.every(({ product }) => product !== "mlflow")))
      return undefined;
    return { confidence: owners.some(({ product }) => product !== "mlflow") ? "likely" : "certain" };
  },
  what: "{service|MLflow} is newer than its database: the schema is at {found}, this release wants {expected}",
  why: "MLflow does not migrate a database that is already its own by itself (except 3.0 to 3.6). The migration has to be run once for each new release.",
  cure: [
    { say: "Back up first: a migration cannot be undone", run: "bulkhead db backup" },
    {
      say: "Migrate with the same release that will serve",
      run: "bulkhead exec {service} mlflow db upgrade DATABASE_URI",
    },
  ],
  part: "database",
  sources: ["https://github.com/mlflow/mlflow/issues/6703"],
  examples: [
    "mlflow-1 | mlflow.exceptions.MlflowException: Detected out-of-date database schema (found version 7f2a7d5fae7d, but expected 0584bdc529eb). Take a backup of your database, then run 'mlflow db upgrade <database_uri>' to migrate your database to the latest schema.",
  ],
  lookalikes: [
    "mlflow-1 | mlflow.exceptions.MlflowException: Detected out-of-date database schema (found version None, but expected 0584bdc529eb). Take a backup of your database",
    "mlflow-1 | mlflow.exceptions.MlflowException: Detected out-of-date database schema (found version 405de8318b3a, but expected 0584bdc529eb). Take a backup",
  ],
});
