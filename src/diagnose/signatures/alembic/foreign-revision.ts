import { defineSignature } from "../../signature.ts";
import { nameOwners } from "../../name-owners.ts";

export const foreignRevision = defineSignature({
  id: "foreign-revision",
  group: "alembic",
  kind: "fault",
  confidence: "certain",
  marks: ["Can't locate revision identified by", "No such revision or branch"],
  patterns: [/(?:Can't locate revision identified by|No such revision or branch) '(?<revision>[^']+)'/],
  judge: ({ names, evidence: [{ block }] }, { product, ownersOf }) => {
    const owners = ownersOf(names["revision"] ?? "").filter(({ history }) => history === "main");
    const others = owners.filter((owner) => owner.product !== product);
    if (product === undefined || others.length === 0 || block.some((line) => line.includes("mlflow/server/auth/")))
      return undefined;
    return {
      confidence: others.length === owners.length ? "certain" : "likely",
      names: { owner: nameOwners(others) },
    };
  },
  what: "{service|a service} opens a database that another application migrated: revision {revision} belongs to {owner}",
  why: "Airflow and MLflow both keep their Alembic revision in a table called alembic_version. In one database each of them reads the other's row and cannot find that revision among its own scripts. The tables themselves have different names, so both applications' data is still there and can be separated.",
  cure: [
    { say: "See whose tables and revisions are in which database", run: "bulkhead db status" },
    { say: "Separate the two without losing a row", run: "bulkhead db split" },
    {
      say: "Or, when the stack has no data yet, give each application a database of its own in the files",
      run: "bulkhead check --fix=behaviour --rule shared-database",
    },
  ],
  part: "database",
  sources: ["https://github.com/mlflow/mlflow/issues/3374", "https://github.com/mlflow/mlflow/issues/12627"],
  examples: [
    "mlflow-1 | alembic.util.exc.CommandError: Can't locate revision identified by '405de8318b3a'",
    "mlflow-1 | alembic.script.revision.ResolutionError: No such revision or branch '405de8318b3a'",
    "airflow-init-1  | alembic.util.exc.CommandError: Can't locate revision identified by '7f2a7d5fae7d'",
  ],
  lookalikes: [
    "mlflow-1 | INFO  [alembic.runtime.migration] Running upgrade 2d6e25af4d3e -> acf3f17fdcc7, add storage location field to model versions",
    "airflow-1 | alembic.util.exc.CommandError: Can't locate revision identified by '5f2621c13b39'",
  ],
});
