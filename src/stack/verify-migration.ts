import { airflowReleases } from "../catalog/airflow/versions.ts";
import { mlflowReleases } from "../catalog/mlflow/versions.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import { readImageHistories } from "../engine/docker/read-image-histories.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import { probeVersionRow, type InstalledChain } from "../probe/probe-version-row.ts";
import type { ServiceRole } from "../topology/topology.ts";
import { assertMigrated } from "./assert-migrated.ts";
import { migrationTarget } from "./migration-target.ts";

const versionTable = "alembic_version";

/**
 * After a migration that exited with 0: the version row is at the head of what is installed, because the image's entrypoint
 * hides failures behind `|| true`. The release that the file names tells the head at once; only where the row is not there
 * the image's own packages are asked. ToolError STACK_FAILED.
 */
export async function verifyMigration(session: DockerSession, ports: PortTable, role: ServiceRole): Promise<void> {
  const target = migrationTarget(session, ports, role);
  if (target === undefined) return;
  const { service } = role;
  const { sql } = session.home.ports;
  const known = releaseChain(role);
  if (known !== undefined && (await probeVersionRow(sql, target, known)).state === "fine") return;
  const chain = (await readImageHistories(session, service)).find((one) => one.versionTable === versionTable);
  if (chain !== undefined) await assertMigrated(sql, { target, chain }, service, "exited with 0");
}

function releaseChain({ product, version }: ServiceRole): InstalledChain | undefined {
  if (version === undefined || (product !== "airflow" && product !== "mlflow")) return undefined;
  const release = { airflow: airflowReleases, mlflow: mlflowReleases }[product].release(version);
  if (release === undefined) return undefined;
  return { versionTable, heads: release.alembicHeads, revisions: release.revisions.map(({ id }) => id) };
}
