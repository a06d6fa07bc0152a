import { airflowReleases } from "../catalog/airflow/versions.ts";
import { mlflowReleases } from "../catalog/mlflow/versions.ts";
import type { ServiceRole } from "../topology/topology.ts";

/** The Alembic revision that a service's release leaves in its database; undefined for a release nobody knows. */
export function alembicRevision(role: ServiceRole | undefined): string | undefined {
  const releases =
    role?.product === "airflow" ? airflowReleases : role?.product === "mlflow" ? mlflowReleases : undefined;
  return releases?.release(role?.version ?? "")?.alembicHeads[0];
}

/** How new a service's release is among those of its product; -1 for one nobody knows. */
export function releaseAge(role: ServiceRole | undefined): number {
  const releases = role?.product === "airflow" ? airflowReleases : mlflowReleases;
  return releases.versions.indexOf(role?.version ?? "");
}
