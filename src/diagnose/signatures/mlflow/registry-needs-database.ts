import { defineSignature } from "../../signature.ts";

export const registryNeedsDatabase = defineSignature({
  id: "registry-needs-database",
  group: "mlflow",
  kind: "fault",
  confidence: "certain",
  marks: [
    "Model Registry features are not supported",
    "Model registry functionality is unavailable",
    "got unsupported URI",
    "unsupported URI '",
  ],
  patterns: [
    /Model Registry features are not supported by the store with URI: '(?<uri>[^']+)'/,

    /(?:Model registry functionality is unavailable; got unsupported|registry.* unsupported|got unsupported) URI '(?<uri>[^']+)'/i,
  ],
  what: "the model registry of {service|MLflow} is asked to live in {uri}, which cannot hold one",
  why: "A directory of files has no model registry; it needs a database (or a tracking server that has one). postgres:// is not among the schemes MLflow knows: postgresql:// is.",
  cure: [
    {
      say: "Give the server a database: --backend-store-uri postgresql+psycopg2://...",
      run: "bulkhead check --rule unknown-dialect --rule mlflow-sqlite-store",
    },
    {
      say: "And clients the server's address: MLFLOW_TRACKING_URI=http://mlflow:5000",
      run: "bulkhead check --rule mlflow-tracking-uri",
    },
  ],
  part: "all",
  sources: ["https://github.com/mlflow/mlflow/issues/4399", "https://github.com/mlflow/mlflow/issues/5197"],
  examples: [
    "mlflow-1 | mlflow.exceptions.MlflowException: Model Registry features are not supported by the store with URI: './mlruns'. Stores with the following URI schemes are supported: ['databricks', 'databricks-uc', 'uc', 'http', 'https', 'postgresql', 'mysql', 'sqlite', 'mssql', '', 'file'].",
    "mlflow-1 | mlflow.tracking.registry.UnsupportedModelRegistryStoreURIException:  Model registry functionality is unavailable; got unsupported URI './mlruns' for model registry data storage.",
  ],
  lookalikes: ["mlflow-1 | INFO mlflow.store.db.utils: Creating initial MLflow database tables..."],
});
