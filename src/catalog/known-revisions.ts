import { airflowHistory } from "./airflow/history.ts";
import { airflowReleases } from "./airflow/versions.ts";
import { compareReleaseVersions } from "./compare-release-versions.ts";
import { mlflowAuthHistory, mlflowHistory } from "./mlflow/history.ts";
import { mlflowReleases } from "./mlflow/versions.ts";
import type { Release, ReleaseTable } from "./release-table.ts";
import type { SchemaHistory } from "./schema-history.ts";

/** A history of Alembic revisions: MLflow's basic-auth app has one of its own. */
export type HistoryName = "airflow" | "mlflow" | "mlflow-auth";

/** What is known of one application's revisions. */
export interface KnownRevisions {
  readonly history: SchemaHistory;
  /** Releases that end at a revision, for people: `2.7.0-2.7.3`; undefined for one between releases. */
  releasesAt(revision: string): string | undefined;
}

/** The catalog's knowledge of each history. Nothing is read before it is asked for. */
export const knownRevisions: Readonly<Record<HistoryName, () => KnownRevisions>> = {
  airflow: () => known(airflowHistory(), airflowReleases, (release) => release.alembicHeads),
  mlflow: () => known(mlflowHistory(), mlflowReleases, (release) => release.alembicHeads),
  "mlflow-auth": () =>
    known(mlflowAuthHistory(), mlflowReleases, ({ authRevisions }) => authRevisions.slice(-1).map(({ id }) => id)),
};

function known(
  history: SchemaHistory,
  releases: ReleaseTable,
  headsOf: (release: Release) => readonly string[],
): KnownRevisions {
  let byHead: Map<string, string[]> | undefined;
  return {
    history,
    releasesAt(revision) {
      byHead ??= groupByHead(releases, headsOf);
      const versions = byHead.get(revision)?.toSorted(compareReleaseVersions);
      const [first] = versions ?? [];
      const last = versions?.at(-1);
      return first === last ? first : `${first}-${last}`;
    },
  };
}

function groupByHead(releases: ReleaseTable, headsOf: (release: Release) => readonly string[]): Map<string, string[]> {
  const byHead = new Map<string, string[]>();
  for (const version of releases.versions) {
    const release = releases.release(version);
    for (const head of release === undefined ? [] : headsOf(release)) {
      byHead.set(head, [...(byHead.get(head) ?? []), version]);
    }
  }
  return byHead;
}
