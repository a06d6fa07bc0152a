/** The uv that makes the Python environments. */
const UV = "uv==0.13.9";

/**
 * The stand-ins: under which official tags, from which Debian release, made by which folder beside this file with which
 * build arguments. The Debian release is chosen for what it carries: the PostgreSQL major, and a Python that the
 * application's release supports. `RESOLVED` is some days after the release: packages as its image had them. What the
 * release's constraints file forbids stands in `REQUIREMENTS`: no index carries that file.
 */
export const images = [
  { tags: ["postgres:17"], debian: "trixie", folder: "postgres", args: { PG_MAJOR: "17" } },
  { tags: ["postgres:13"], debian: "bullseye", folder: "postgres", args: { PG_MAJOR: "13" } },
  {
    tags: ["apache/airflow:3.3.2"],
    debian: "bookworm",
    folder: "airflow",
    args: {
      AIRFLOW_VERSION: "3.3.2",
      // With SQLAlchemy 2.1 the sqlalchemy-utils of that day cannot be imported.
      REQUIREMENTS: "apache-airflow[fab,postgres]==3.3.2 psycopg2-binary sqlalchemy<2.1",
      RESOLVED: "2026-09-24",
      UV,
    },
  },
  {
    tags: ["apache/airflow:2.7.0-python3.9", "apache/airflow:2.7.0"],
    debian: "bullseye",
    folder: "airflow",
    args: {
      AIRFLOW_VERSION: "2.7.0",
      REQUIREMENTS: "apache-airflow[postgres]==2.7.0 psycopg2-binary",
      RESOLVED: "2023-08-25",
      UV,
    },
  },
  {
    tags: ["ghcr.io/mlflow/mlflow:v3.17.2"],
    debian: "bookworm",
    folder: "mlflow",
    args: { REQUIREMENTS: "mlflow==3.17.2", RESOLVED: "2026-10-28", UV },
  },
  {
    tags: ["mlflow/mlflow:2.7.1", "ghcr.io/mlflow/mlflow:v2.7.1"],
    debian: "bullseye",
    folder: "mlflow",
    args: { REQUIREMENTS: "mlflow==2.7.1", RESOLVED: "2023-09-24", UV },
  },
];
