import { defineSignature } from "../../signature.ts";
import { nameOwners } from "../../name-owners.ts";

export const newerRevision = defineSignature({
  id: "newer-revision",
  group: "alembic",
  kind: "fault",
  confidence: "certain",
  marks: ["Can't locate revision identified by", "No such revision or branch"],
  patterns: [/(?:Can't locate revision identified by|No such revision or branch) '(?<revision>[^']+)'/],
  judge: ({ names, evidence: [{ block }] }, { product, ownersOf }) => {
    const owners = ownersOf(names["revision"] ?? "").filter(({ history }) => history === "main");
    const [own] = owners;
    if (own === undefined || block.some((line) => line.includes("mlflow/server/auth/"))) return undefined;
    if (owners.some((owner) => owner.product !== (product ?? own.product))) return undefined;
    return {
      confidence: product === undefined ? "likely" : "certain",
      names: { owner: nameOwners([own]), first: own.first },
    };
  },
  what: "{service|a service} runs an older release than the one that migrated its database: revision {revision} is of {owner}",
  why: "A newer image migrated this database before, and the release that runs now does not have that revision's script. This is a downgrade, not a collision: the database belongs to this application.",
  cure: [
    {
      say: "Run the release that migrated it, {first} or newer: set the image's tag back in the Compose file",
      run: "bulkhead up",
    },
    { say: "Or bring back a backup that was made before the newer release ran", run: "bulkhead db restore FILE" },
  ],
  part: "database",
  sources: ["https://github.com/mlflow/mlflow/issues/16517", "https://github.com/apache/airflow/pull/35916"],
  examples: [
    "mlflow-1 | alembic.util.exc.CommandError: Can't locate revision identified by '0584bdc529eb'",
    "airflow-init-1  | alembic.util.exc.CommandError: Can't locate revision identified by '5f2621c13b39'",
  ],
  lookalikes: ["mlflow-1 | alembic.util.exc.CommandError: Can't locate revision identified by '405de8318b3a'"],
});
