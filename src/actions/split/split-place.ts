import type { SplitRun } from "../../postgres/split/run-split.ts";
import type { InstalledHistories } from "../../postgres/read-compartments.ts";
import type { NewSplit } from "../../postgres/split/plan-new-split.ts";

export interface SplitWishes extends Pick<NewSplit, "destination" | "project"> {
  /** Done before the plan is written down: what its steps read from disk. */
  readonly prepare: () => Promise<void>;
}

/** Where a split works: a server by URL, or one of a project. */
export interface SplitPlace {
  readonly context: SplitRun["context"];
  /** The database that was named, or the only one that several applications share. */
  readonly database: string;
  /** The revisions that the project's applications know; none for a server by URL. */
  readonly installed: InstalledHistories;
  /** Absolute directory of the journals. */
  readonly journals: string;
  /** Absolute directory of backups. */
  readonly backups: string;
  /** Where applications go, and what the project needs around it. */
  readonly wishes: () => Promise<SplitWishes>;
}
