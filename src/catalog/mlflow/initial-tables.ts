/**
 * The tables that MLflow's store creates before its history begins, with their columns
 * (mlflow/store/tracking/dbmodels/initial_models.py, 1.0 to 3.17). A start that fails on a foreign revision leaves them.
 */
export const initialMlflowTables: ReadonlyMap<string, readonly string[]> = new Map([
  ["experiments", ["experiment_id", "name", "artifact_location", "lifecycle_stage"]],
  ["metrics", ["key", "value", "timestamp", "run_uuid"]],
  ["params", ["key", "value", "run_uuid"]],
  [
    "runs",
    [
      "run_uuid",
      "name",
      "source_type",
      "source_name",
      "entry_point_name",
      "user_id",
      "status",
      "start_time",
      "end_time",
      "source_version",
      "lifecycle_stage",
      "artifact_uri",
      "experiment_id",
    ],
  ],
  ["tags", ["key", "value", "run_uuid"]],
]);
