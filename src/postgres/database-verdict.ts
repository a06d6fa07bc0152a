import type { RelationName } from "./database-picture.ts";

/** The applications whose tables are known one by one. MLflow's basic-auth app has a history of its own. */
export type OwnerId = "airflow" | "mlflow" | "mlflow-auth";

/** Whose a database's content is, and what that means. Nothing here is stated with certainty that was not seen. */
export interface DatabaseVerdict {
  /** The number of the state (docs/database-states.md); null when none fits. */
  readonly state: number | null;
  readonly certain: boolean;
  /** An application fails here, or will. */
  readonly isFaulty: boolean;
  /** One sentence: what the database is. */
  readonly fact: string;
  /** What the verdict rests on, one sentence each. */
  readonly because: readonly string[];
  /** The line the application prints, where it prints one. */
  readonly printed: string | undefined;
  /** What to do, as sentences with commands. */
  readonly next: readonly string[];
  readonly shares: readonly AppShare[];
  /** Tables of no known application, with the application they tell of where one is known by them. */
  readonly strangers: readonly (RelationName & { readonly tells: string | undefined })[];
  /** Why no automatic separation is possible; undefined when it is, or when nothing has to be separated. */
  readonly refusal: string | undefined;
}

/** One application's part of a database. */
export interface AppShare {
  readonly owner: OwnerId;
  readonly schema: string;
  readonly tables: readonly RelationName[];
  /** At most the five initial MLflow tables, all empty, of initial shape. */
  readonly isSkeleton: boolean;
  readonly revision: RevisionEvidence;
}

/** What is known of one application's revision. */
export interface RevisionEvidence {
  /** Where its row is kept: `alembic_version`, `alembic_version_auth`. */
  readonly versionTable: string;
  /** Rows of the version table that are this application's by id and by shape. */
  readonly recorded: readonly string[];
  /** The newest revision whose mark is there while every later mark is absent. */
  readonly fingerprint: string | undefined;
  /** Other revisions that look the same on PostgreSQL as `fingerprint` does. */
  readonly alsoFits: readonly string[];
  /** Marks that are present though an earlier one is absent: a half-done or wrongly stamped schema. */
  readonly outOfOrder: readonly string[];
  /** The release(s) with this head, for people: `2.7.0-2.7.3`. */
  readonly release: string | undefined;
}
