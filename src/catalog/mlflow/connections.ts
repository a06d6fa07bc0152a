import type { ConnectionPlace } from "../product.ts";

/** Where the MLflow server reads its databases from; a flag beats its variable (click). */
export const mlflowConnections: readonly ConnectionPlace[] = [
  { flag: "--backend-store-uri", role: "metadata", precedence: 0 },
  { variable: "MLFLOW_BACKEND_STORE_URI", role: "metadata", precedence: 1 },
  { flag: "--registry-store-uri", role: "registry", precedence: 0 },
  { variable: "MLFLOW_REGISTRY_STORE_URI", role: "registry", precedence: 1 },
];
