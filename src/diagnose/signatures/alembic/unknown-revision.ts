import { defineSignature } from "../../signature.ts";

export const unknownRevision = defineSignature({
  id: "unknown-revision",
  group: "alembic",
  kind: "fault",
  confidence: "likely",
  marks: ["Can't locate revision identified by", "No such revision or branch"],
  patterns: [/(?:Can't locate revision identified by|No such revision or branch) '(?<revision>[^']+)'/],
  judge: ({ names, evidence: [{ block }] }, { ownersOf }) =>
    ownersOf(names["revision"] ?? "").length > 0 || block.some((line) => line.includes("mlflow/server/auth/"))
      ? undefined
      : { confidence: "likely" },
  what: "{service|a service} opens a database whose revision {revision} is of no known release of Airflow or MLflow",
  why: "The table alembic_version holds a revision that no released Airflow or MLflow carries: another application (Superset, Prefect, Dagster, an own service) shares this database, or a release newer than this Bulkhead migrated it.",
  cure: [
    { say: "See whose tables are in that database", run: "bulkhead db status" },
    {
      say: "Give {service|the service} a database of its own",
      run: "bulkhead check --fix=behaviour --rule shared-database",
    },
  ],
  part: "database",
  sources: ["https://github.com/mlflow/mlflow/issues/3374"],
  examples: ["superset-1 | alembic.util.exc.CommandError: Can't locate revision identified by 'f00dfeedbeef'"],
  lookalikes: ["mlflow-1 | alembic.util.exc.CommandError: Can't locate revision identified by '405de8318b3a'"],
});
