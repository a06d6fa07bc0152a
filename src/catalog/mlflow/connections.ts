import { compareReleaseVersions } from "../compare-release-versions.ts";
import type { ConnectionPlace } from "../product.ts";

/** Where the MLflow server reads its databases from; a flag beats its variable (click). */
export const mlflowConnections: readonly ConnectionPlace[] = [
  { flag: "--backend-store-uri", role: "metadata", precedence: 0 },
  { variable: "MLFLOW_BACKEND_STORE_URI", role: "metadata", precedence: 1 },
  { flag: "--registry-store-uri", role: "registry", precedence: 0 },
  { variable: "MLFLOW_REGISTRY_STORE_URI", role: "registry", precedence: 1 },
];

/** What a server uses that is given no store: sqlite since 3.7 (mlflow PR #18534), a directory of files before. */
export function mlflowDefaultStore(version: string): string {
  return compareReleaseVersions(version, "3.7.0") >= 0 ? "sqlite:///mlflow.db" : "./mlruns";
}

/** What basic-auth uses that is given no configuration (mlflow/server/auth/basic_auth.ini). */
export const mlflowDefaultAuthStore = "sqlite:///basic_auth.db";
