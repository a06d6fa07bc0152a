import { defineSignature } from "../../signature.ts";

export const authSharesHistory = defineSignature({
  id: "auth-shares-history",
  group: "alembic",
  kind: "fault",
  confidence: "certain",
  marks: ["No such revision or branch", "Can't locate revision identified by"],
  patterns: [/(?:No such revision or branch|Can't locate revision identified by) '(?<revision>[^']+)'/],
  judge: ({ names, evidence: [{ block }] }, { product, ownersOf }) => {
    const owners = ownersOf(names["revision"] ?? "");
    const isOfAuth = owners.length > 0 && owners.every(({ history }) => history === "auth");
    const inAuth = block.some((line) => line.includes("mlflow/server/auth/"));
    return inAuth || (isOfAuth && product === "mlflow") ? { confidence: inAuth ? "certain" : "likely" } : undefined;
  },
  what: "MLflow's basic-auth app and its tracking store share one table alembic_version in the database of {service|a service}",
  why: "Before 3.6 both parts of MLflow write their own revision into alembic_version. In one database each reads the other's row.",
  cure: [
    {
      say: "Give the basic-auth app a database of its own (database_uri in basic_auth.ini)",
      run: "bulkhead check --fix=behaviour --rule mlflow-auth-shares-database",
    },
    { say: "Or run MLflow 3.6 or newer, where it has a version table of its own", run: "bulkhead up" },
  ],
  sources: ["https://github.com/mlflow/mlflow/issues/10052", "https://github.com/mlflow/mlflow/pull/18384"],
  examples: [
    "mlflow-1 | Traceback (most recent call last):\nmlflow-1 |   File \"/usr/local/lib/python3.10/site-packages/mlflow/server/auth/db/utils.py\", line 27, in migrate_if_needed\nmlflow-1 | alembic.util.exc.CommandError: Can't locate revision identified by '7f2a7d5fae7d'",
    "mlflow-1 | alembic.script.revision.ResolutionError: No such revision or branch '8606fa83a998'",
  ],
  lookalikes: ["mlflow-1 | alembic.util.exc.CommandError: Can't locate revision identified by '405de8318b3a'"],
});
