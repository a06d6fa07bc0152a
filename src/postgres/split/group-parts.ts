import type { AppShare, DatabaseVerdict, OwnerId } from "../database-verdict.ts";

/** What stays together when a database is split: an application's shares in all its schemas. */
export interface Part {
  readonly id: OwnerId;
  readonly shares: readonly AppShare[];
  /** At most the five tables that a failed start left: there is nothing to keep. */
  readonly isSkeleton: boolean;
}

/**
 * The parts of a database. MLflow's users are a part of their own only where their history stands in the same version
 * table as another's: from 3.6 on they have one of their own and go with MLflow.
 */
export function groupParts({ shares }: Pick<DatabaseVerdict, "shares">): readonly Part[] {
  const parts = new Map<OwnerId, AppShare[]>();
  for (const share of shares) {
    const clashes = shares.some((other) => other.owner !== share.owner && versionTable(other) === versionTable(share));
    const hasMlflow = shares.some(({ owner }) => owner === "mlflow");
    const id = share.owner === "mlflow-auth" && hasMlflow && !clashes ? "mlflow" : share.owner;
    parts.set(id, [...(parts.get(id) ?? []), share]);
  }
  return [...parts].map(([id, own]) => ({ id, shares: own, isSkeleton: own.every((share) => share.isSkeleton) }));
}

function versionTable({ schema, revision }: AppShare): string {
  return `${schema}.${revision.versionTable}`;
}

/** Who keeps the database: the part it is named after, else Airflow. The same as rules/databases/shared-database.ts says. */
export function chooseKeeper(
  parts: readonly Part[],
  database: string,
  leaves: OwnerId | undefined,
): OwnerId | undefined {
  const rank = ({ id, isSkeleton }: Part): number => {
    if (id === leaves) return 4;
    if (isSkeleton) return 3;
    if (database.includes(id)) return 0;
    return id === "airflow" ? 1 : 2;
  };
  return parts.toSorted((left, right) => rank(left) - rank(right))[0]?.id;
}
