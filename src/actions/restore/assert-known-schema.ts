import { airflowReleases } from "../../catalog/airflow/versions.ts";
import { compareReleaseVersions } from "../../catalog/compare-release-versions.ts";
import { mlflowReleases } from "../../catalog/mlflow/versions.ts";
import type { ReleaseTable } from "../../catalog/release-table.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { BackedUpDatabase } from "../../postgres/archive/backup-manifest.ts";
import type { App } from "../../topology/topology.ts";

const releases: Readonly<Record<string, ReleaseTable>> = { airflow: airflowReleases, mlflow: mlflowReleases };

/** The applications that will use what is restored. */
export interface SchemaUsers {
  readonly apps: readonly { readonly id: string; readonly product: string; readonly version: App["version"] }[];
  /** Where they are, for people: `of this project`. */
  readonly place: string;
  /** What to do when the one of this id is older than the release of the backup. */
  wayOut(app: string, release: string): string;
}

/**
 * Refuses a schema that the application which will use it is too old for: a revision that its release does not have, from a
 * backup of a newer release. ToolError BACKUP_REFUSED with the way out. What cannot be told (an unknown release, a revision that
 * is nobody's) is let through: the application says so itself, and what it had is kept.
 */
export function assertKnownSchema(users: SchemaUsers, database: BackedUpDatabase, file: string): void {
  const rows = database.versionTables.filter(({ name }) => name === "alembic_version").flatMap((table) => table.rows);
  for (const revision of rows) {
    if (database.apps.some((app) => has(app.product, usedVersion(users, app), revision) === true)) continue;
    for (const app of database.apps) {
      const version = usedVersion(users, app);
      if (version === undefined || has(app.product, app.version, revision) !== true) continue;
      if (compareReleaseVersions(app.version, version) <= 0) continue;
      throw new ToolError(
        "BACKUP_REFUSED",
        `${database.name} in ${file} is at ${app.product}'s revision ${revision} (of ${app.version}), which ${app.product} ${version} ${users.place} does not know.`,
        {
          hint: users.wayOut(app.id, app.version),
          detail: { database: database.name, revision, backup: app.version, project: version },
        },
      );
    }
  }
}

/** The release that will use the database: the app of the same id, else of the product. */
function usedVersion({ apps }: SchemaUsers, app: BackedUpDatabase["apps"][number]): App["version"] | undefined {
  return (apps.find(({ id }) => id === app.id) ?? apps.find(({ product }) => product === app.product))?.version;
}

/** Undefined: the release is not known. */
function has(product: string, version: string | undefined, revision: string): boolean | undefined {
  const release = version === undefined ? undefined : releases[product]?.release(version);
  return release?.revisions.some(({ id }) => id === revision);
}
