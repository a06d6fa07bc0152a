/**
 * What release facts are made for. `project` is the package that a release is known by; `scripts` names the one whose
 * wheel holds the migration scripts, where that is another. `chains` are the folders of scripts, one version table
 * each. `python` tells how supported Pythons are found: by trove classifiers of `project` (those of
 * apache-airflow-core lag behind), or by resolving (supported-python.mjs).
 */
export const products = [
  {
    name: "airflow",
    project: "apache-airflow",
    first: "2.3.0",
    scripts: { project: "apache-airflow-core", from: "3.0.0" },
    chains: [{ name: "main", folder: "airflow/migrations/versions" }],
    python: "classifiers",
  },
  {
    name: "mlflow",
    project: "mlflow",
    first: "1.20.0",
    chains: [
      { name: "main", folder: "mlflow/store/db_migrations/versions" },
      { name: "auth", folder: "mlflow/server/auth/db/migrations/versions" },
    ],
    python: "resolve",
  },
];
