import type { DatabaseVerdict, OwnerId } from "./database-verdict.ts";
import type { Compartment, InstalledHistories, Share } from "./read-compartments.ts";

/** A verdict without what the database's tables are. */
export type Judgement = Omit<DatabaseVerdict, "shares" | "strangers">;

export interface AppRole {
  readonly name: string;
  /** Itself, and the roles whose tables it may change as if they were its own. */
  readonly actsAs: readonly string[];
}

export interface JudgeContext {
  /** What the project's own environments hold, by application. */
  readonly installed: InstalledHistories;
  /** How commands name the database: `postgres/airflow`. */
  readonly subject: string;
  /** Schemas that the applications look into. */
  readonly visibleSchemas: readonly string[];
  /** What each application logs in as. */
  readonly roles: Partial<Readonly<Record<OwnerId, AppRole>>>;
}

/** What people call the applications. */
export const ownerTitles: Readonly<Record<OwnerId, string>> = {
  airflow: "Airflow",
  mlflow: "MLflow",
  "mlflow-auth": "MLflow's basic-auth app",
};

/** A judgement with what is most often said of the rest. */
export function judgement(given: Pick<Judgement, "fact"> & Partial<Judgement>): Judgement {
  return {
    state: null,
    certain: true,
    isFaulty: true,
    because: [],
    printed: undefined,
    next: [],
    refusal: undefined,
    ...given,
  };
}

/** `Airflow 2.7.0-2.7.3`, or `Airflow` where the tables tell no release. */
export function titleOf({ owner, revision }: Share): string {
  return revision.release === undefined ? ownerTitles[owner] : `${ownerTitles[owner]} ${revision.release}`;
}

/** `Airflow, MLflow and MLflow's basic-auth app`. */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

/** What an application prints that finds a revision it does not have. */
export function cannotLocate(id: string): string {
  return `alembic.util.exc.CommandError: Can't locate revision identified by '${id}'`;
}

/** What the shape of a share tells of its revision, one sentence. */
export function evidenceOf(share: Share): string {
  const { shape, owner } = share;
  const count = `${share.tables.length} ${share.tables.length === 1 ? "table is" : "tables are"} ${ownerTitles[owner]}'s by name and columns`;
  if (share.isSkeleton) return `${count}: of the shape MLflow creates them with before its first revision, and empty.`;
  if (shape.outOfOrder.length > 0 || shape.contradictions.length > 0) {
    const shown = shape.contradictions.slice(0, 4);
    const more = shape.contradictions.length - shown.length;
    return `${count}, and their marks are out of order: ${joinWords([...shown, ...(more > 0 ? [`${more} more`] : [])])}.`;
  }
  if (shape.revision === undefined) return `${count}, as before its first revision.`;
  const also = shape.alsoFits.length === 0 ? "" : ` (${shape.alsoFits.join(", ")} would look the same)`;
  return `${count}, of the shape of revision ${shape.revision}${also}.`;
}

/** What stands in `alembic_version`, one sentence. */
export function rowsEvidence({ schema, rows, versionTable }: Compartment): string {
  const name = schema === "public" ? "alembic_version" : `${schema}.alembic_version`;
  if (versionTable === undefined) return `There is no ${name}.`;
  if (versionTable.unreadable !== undefined) return `The rows of ${name} are not known: ${versionTable.unreadable}.`;
  if (rows.length === 0) return `${name} has no row.`;
  const told = rows.map(({ id, knownTo, of }) => {
    if (knownTo.length === 0) return `${id || "an empty id"}, which is no known revision`;
    if (knownTo.length === 1) return `${id}, a revision of ${ownerTitles[knownTo[0] ?? "airflow"]}`;
    const both = joinWords(knownTo.map((owner) => ownerTitles[owner]));
    return `${id}, an id that ${both} have${of === undefined ? "" : `: by the tables it is that of ${ownerTitles[of]}`}`;
  });
  return `${name} holds ${told.join("; and ")}.`;
}

/** Whether the tables show nothing that a known revision does not explain. */
export function isClear({ shape, isWhole }: Share): boolean {
  return isWhole && shape.revision !== undefined && shape.outOfOrder.length === 0 && shape.unknownColumns.length === 0;
}

/** Whether a revision is what a share's tables look like. */
export function fits({ revision }: Share, id: string): boolean {
  return revision.fingerprint === id || revision.alsoFits.includes(id);
}
