import type { Step, StepKind } from "../../plan/step.ts";
import type { OwnerId } from "../database-verdict.ts";
import type { RelationName } from "../database-picture.ts";
import type { SplitContext } from "./split-context.ts";
import type { DatabaseGrant, DatabaseSetting } from "./split-facts.ts";

/** A copy in the making: under a name of its own until it was verified, then under its final one. */
export interface CopyRef {
  readonly part: OwnerId;
  readonly work: string;
  readonly final: string;
  /** The step whose evidence holds the copy's oid: the copy has another name only after it. */
  readonly verifiedBy: string;
}

export interface VersionRows extends RelationName {
  /** What the table is to hold. */
  readonly rows: readonly string[];
  /** Who gets the table where it is missing. */
  readonly owner: string;
}

/** An empty database on another server, with a role that owns it. */
export interface CreatedDatabase {
  readonly service: string;
  readonly role: string;
  /** Its name while it is made, which nobody else uses. */
  readonly work: string;
  readonly final: string;
  /** The comment of both, by which they are known for this plan's. */
  readonly mark: string;
}

/** What is compared of a copy with the original. */
export interface VerifyArgs {
  readonly oid: number;
  readonly copy: CopyRef;
  /** The service of the server that holds it at last; null: the original's. */
  readonly service: string | null;
  /** All tables but version tables. */
  readonly tables: readonly RelationName[];
  readonly versions: readonly VersionRows[];
  /** Routines, views, types and sequences that no column owns: what must be there besides tables. */
  readonly others: readonly string[];
}

/** The arguments of every kind of step, as the journal keeps them: a plan outlives the release that made it. */
export interface SplitStepArgs {
  readonly "claim-database": { readonly oid: number; readonly comment: string | null; readonly mark: string };
  readonly "stop-writers": {
    readonly services: readonly string[];
    /** Those of them that ran: they run again when the plan is put back. */
    readonly running: readonly string[];
  };
  readonly "close-database": {
    readonly oid: number;
    readonly name: string;
    readonly allowed: boolean;
    readonly terminate: boolean;
  };
  readonly "create-role": { readonly role: string; readonly mark: string };
  readonly "create-database": CreatedDatabase;
  readonly "copy-database": {
    readonly oid: number;
    readonly copy: CopyRef;
    readonly strategy: "FILE_COPY" | null;
    readonly owner: string;
    /** Nothing is to be in it. */
    readonly empty: boolean;
  };
  readonly "set-aside": {
    readonly oid: number;
    readonly from: string;
    readonly to: string;
    /** `default_transaction_read_only` as it was set for the database; null: it was not. */
    readonly readOnly: string | null;
  };
  readonly "dump-original": { readonly oid: number; /** Absolute. */ readonly path: string };
  readonly "clear-copy": { readonly copy: CopyRef; readonly drops: readonly string[]; readonly largeObjects: boolean };
  readonly "set-version-rows": {
    readonly copy: CopyRef;
    readonly versions: readonly VersionRows[];
  };
  readonly "hand-over": {
    readonly copy: CopyRef;
    /** The service of another server that has it by then; null: the original's. */
    readonly service: string | null;
    readonly role: string;
    readonly alters: readonly string[];
  };
  readonly "set-properties": {
    readonly copy: CopyRef;
    /** The service of the server that has it at last: there only the settings are set. */
    readonly service: string | null;
    readonly owner: string;
    readonly connectionLimit: number;
    readonly grants: readonly DatabaseGrant[];
    readonly settings: readonly DatabaseSetting[];
  };
  readonly "verify-copy": VerifyArgs;
  readonly "swap-in": { readonly copies: readonly CopyRef[] };
  readonly "release-database": {
    readonly oid: number;
    readonly mark: string;
    readonly copies: readonly { readonly copy: CopyRef; readonly comment: string | null }[];
  };
  readonly "edit-files": {
    readonly files: readonly {
      readonly path: string;
      /** SHA-256 of the text before and after; null: there is no file before. */
      readonly before: string | null;
      readonly after: string;
      /** The files beside the journal that hold both texts: they may hold secrets, and a journal holds none. */
      readonly keptBefore: string;
      readonly keptAfter: string;
    }[];
  };
  readonly "start-servers": { readonly services: readonly string[] };
  readonly "transfer-copy": { readonly copy: CopyRef; readonly service: string };
  readonly "drop-copy": { readonly copy: CopyRef };
  readonly "start-stack": { readonly services: readonly string[] };
  readonly "ask-applications": { readonly parts: readonly OwnerId[] };
}

export type SplitStepKind = keyof SplitStepArgs;

/** A step of a kind, with the arguments that kind takes. */
export function splitStep<K extends SplitStepKind>(
  kind: K,
  args: SplitStepArgs[K],
  { about, after, title }: { readonly about?: string; readonly after: readonly string[]; readonly title: string },
): Step {
  const id = about === undefined ? kind : `${kind} ${about}`;
  return { id, kind, args: args as unknown as Step["args"], after, title };
}

/** A kind of step that works with its own arguments instead of the step's JSON. */
export interface SplitKind<K extends SplitStepKind> {
  readonly isDone: (context: SplitContext, args: SplitStepArgs[K]) => Promise<boolean>;
  readonly apply: (context: SplitContext, args: SplitStepArgs[K]) => ReturnType<StepKind<SplitContext>["apply"]>;
  readonly undo?: (context: SplitContext, args: SplitStepArgs[K]) => Promise<void>;
}
