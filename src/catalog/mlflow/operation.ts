import { compareReleaseVersions } from "../compare-release-versions.ts";

/** How one MLflow release is operated. */
export interface MlflowOperation {
  /** Upgrades the tables of a store that has some. The database URL follows as an argument. */
  readonly migrate: readonly string[];
  /** Whether `migrate` also makes the tables of an empty database; else only the server's first start does. */
  readonly migratesEmptyDatabase: boolean;
  readonly components: readonly string[];
  /** A REST path that reads the store; `/health` answers without one. */
  readonly storePath: string;
  /** Whether the server refuses Host headers it was not told of (`--allowed-hosts`). */
  readonly checksHostHeader: boolean;
  /** Where users come from: nowhere, unless the server runs with `--app-name basic-auth`. */
  readonly users: "none" | "basic-auth";
  /** Settings that must have one value in all components: there is one component. */
  readonly equalSettings: readonly string[];
}

/**
 * Facts of a release (`2.7.1`). Sources: `mlflow db upgrade` on an empty database fails up to 3.13.0 and works from
 * 3.14.0 (read in both wheels and run on 2.7.1 and 3.17.2); the host check came with 3.5.0 (mlflow PR #17910).
 */
export function mlflowOperation(version: string, hasBasicAuth = false): MlflowOperation {
  return {
    migrate: ["mlflow", "db", "upgrade"],
    migratesEmptyDatabase: compareReleaseVersions(version, "3.14.0") >= 0,
    components: ["server"],
    storePath: "/api/2.0/mlflow/experiments/search",
    checksHostHeader: compareReleaseVersions(version, "3.5.0") >= 0,
    users: hasBasicAuth ? "basic-auth" : "none",
    equalSettings: [],
  };
}
