import { defineSignature } from "../../signature.ts";
import { nameOwners } from "../../name-owners.ts";

export const foreignSchemaVersion = defineSignature({
  id: "foreign-schema-version",
  group: "alembic",
  kind: "fault",
  confidence: "certain",
  marks: ["Detected out-of-date database schema"],
  patterns: [/Detected out-of-date database schema \(found version (?<revision>\w+), but expected (?<expected>\w+)\)/],
  judge: ({ names }, { ownersOf }) => {
    const owners = ownersOf(names["revision"] ?? "");
    return owners.length > 0 && owners.every(({ product }) => product !== "mlflow")
      ? { confidence: "certain", names: { owner: nameOwners(owners) } }
      : undefined;
  },
  what: "{service|MLflow} opens a database that another application migrated: revision {revision} belongs to {owner}",
  why: "MLflow's message reads as if its schema were old. The revision it found is not MLflow's at all: another application keeps its own in the same table alembic_version. `mlflow db upgrade` cannot help here.",
  cure: [
    { say: "See whose tables and revisions are in which database", run: "bulkhead db status" },
    { say: "Separate the two without losing a row", run: "bulkhead db split" },
  ],
  part: "database",
  sources: ["https://github.com/mlflow/mlflow/issues/3374", "mlflow/store/db/utils.py (_verify_schema)"],
  examples: [
    "mlflow-1 | mlflow.exceptions.MlflowException: Detected out-of-date database schema (found version 405de8318b3a, but expected 0584bdc529eb). Take a backup of your database, then run 'mlflow db upgrade <database_uri>'",
  ],
  lookalikes: [
    "mlflow-1 | mlflow.exceptions.MlflowException: Detected out-of-date database schema (found version 7f2a7d5fae7d, but expected 0584bdc529eb). Take a backup",
  ],
});
