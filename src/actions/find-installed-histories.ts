import { airflowReleases } from "../catalog/airflow/versions.ts";
import { mlflowReleases } from "../catalog/mlflow/versions.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import { openServiceAccess } from "../engine/docker/open-service-access.ts";
import { loadUnitHistories } from "../engine/native/load-unit-histories.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import type { OwnerId } from "../postgres/database-verdict.ts";
import type { InstalledHistories, InstalledRevisions } from "../postgres/read-compartments.ts";
import type { AlembicChain } from "../supply/supply.ts";

const PACKAGES: Readonly<Record<string, OwnerId>> = {
  airflow: "airflow",
  mlflow: "mlflow",
  "mlflow.server.auth": "mlflow-auth",
};

/**
 * The revisions that a project's applications know: by the environments that its services were started with; where there is
 * none, by the release that the file names.
 */
export async function findInstalledHistories(session: NativeSession | DockerSession): Promise<InstalledHistories> {
  const found: Partial<Record<OwnerId, InstalledRevisions>> = {};
  for (const app of session.topology.apps) {
    const release = { airflow: airflowReleases, mlflow: mlflowReleases }[app.product].release(app.version);
    if (release !== undefined) {
      const { alembicHeads: heads, revisions } = release;
      found[app.product] ??= { heads, revisions: revisions.map(({ id }) => id) };
    }
    for (const service of app.services) {
      for (const chain of await listHistories(session, service)) {
        const owner = ownerOf(chain);
        if (owner === app.product || owner === "mlflow-auth") found[owner] = chain;
      }
    }
  }
  return found;
}

async function listHistories(
  session: NativeSession | DockerSession,
  service: string,
): Promise<readonly AlembicChain[]> {
  if (session.engine === "native") return loadUnitHistories(session, service);
  return (await openServiceAccess(session, service))?.histories() ?? [];
}

function ownerOf(chain: AlembicChain): OwnerId | undefined {
  return PACKAGES[chain.package];
}
