import type { OwnerId } from "../database-verdict.ts";
import type { Assignment } from "./assign-objects.ts";
import type { SplitFacts } from "./split-facts.ts";
import type { SplitStepArgs, VersionRows } from "./split-steps.ts";

/** One application's side of a split. */
export interface SplitSide {
  readonly part: OwnerId;
  /** The name of its database at last. */
  readonly database: string;
  /** The ordinary role that gets its objects, made when it is not there; undefined: owners stay as they are. */
  readonly role: string | undefined;
  /** The service of another server that it goes to; undefined: it stays on this one. */
  readonly service: string | undefined;
  /** That server is there already: its database and its role are made by the plan. */
  readonly isServerThere?: boolean;
  readonly versions: readonly VersionRows[];
  /** Nothing is to be in its database: its application makes its tables anew. */
  readonly isEmpty: boolean;
}

/** What the engine that runs the project does around it. */
export interface ProjectParts {
  /** Services that may write to the database. */
  readonly writers: readonly string[];
  readonly files: SplitStepArgs["edit-files"]["files"];
  /** Services of new servers, which have to run before data can come. */
  readonly newServers: readonly string[];
  /** Those of them that run now: when the plan is put back they run again. */
  readonly running: readonly string[];
  /** Services to start at the end. */
  readonly start: readonly string[];
}

export interface SplitRequest {
  /** `split-20261123T101500-1a2b3c4d`. */
  readonly id: string;
  readonly facts: SplitFacts;
  readonly assignment: Assignment;
  /** `schema.name` of tables whose rows the plan sets: they are not compared with the original. */
  readonly versionTables: ReadonlySet<string>;
  /** The one that keeps the database's name comes first. */
  readonly sides: readonly [SplitSide, ...SplitSide[]];
  /** What the original is called until it is removed. */
  readonly keptAs: string;
  /** Absolute path of the journal. */
  readonly journal: string;
  /** Absolute path of a dump of the original; undefined: none is wanted. */
  readonly dump: string | undefined;
  /** End sessions of others instead of naming them. */
  readonly terminate: boolean;
  readonly project: ProjectParts | undefined;
}
