import { describe, expect, it } from "vitest";
import type { AppShare, OwnerId } from "../database-verdict.ts";
import { chooseKeeper, groupParts } from "./group-parts.ts";

const share = (owner: OwnerId, versionTable = "alembic_version", isSkeleton = false, schema = "public"): AppShare => ({
  owner,
  schema,
  tables: [],
  isSkeleton,
  revision: { versionTable, recorded: [], fingerprint: undefined, alsoFits: [], outOfOrder: [], release: undefined },
});
const parts = (...shares: AppShare[]) => groupParts({ shares });

describe("groupParts", () => {
  it("keeps MLflow's users with MLflow where they have a version table of their own", () => {
    expect(
      parts(share("airflow"), share("mlflow"), share("mlflow-auth", "alembic_version_auth")).map(({ id }) => id),
    ).toEqual(["airflow", "mlflow"]);
  });

  it("takes them apart where they share it, and where MLflow is elsewhere", () => {
    expect(parts(share("mlflow"), share("mlflow-auth")).map(({ id }) => id)).toEqual(["mlflow", "mlflow-auth"]);
    expect(parts(share("airflow"), share("mlflow-auth", "alembic_version_auth")).map(({ id }) => id)).toEqual([
      "airflow",
      "mlflow-auth",
    ]);
  });

  it("is a skeleton only when all of it is", () => {
    const [airflow, mlflow] = parts(share("airflow"), share("mlflow", "alembic_version", true));
    expect([airflow?.isSkeleton, mlflow?.isSkeleton]).toEqual([false, true]);
    expect(parts(share("mlflow"), share("mlflow", "alembic_version", true, "old"))[0]?.isSkeleton).toBe(false);
  });
});

describe("chooseKeeper", () => {
  const both = parts(share("mlflow"), share("airflow"));

  it.each([
    ["the one the database is named after", "mlflow_prod", undefined, "mlflow"],
    ["Airflow in a database of another name", "shared", undefined, "airflow"],
    ["not the one that is told to leave", "airflow", "airflow", "mlflow"],
  ] as const)("is %s", (_, database, leaves, keeper) => {
    expect(chooseKeeper(both, database, leaves)).toBe(keeper);
  });

  it("is never a skeleton, whatever the database is called", () => {
    expect(chooseKeeper(parts(share("mlflow", "alembic_version", true), share("airflow")), "mlflow", undefined)).toBe(
      "airflow",
    );
  });
});
