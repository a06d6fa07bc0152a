import type { Span } from "../core/span.ts";

/** Keys of the written model from the root; list items are `[0]`, `[1]`, ... */
export type WrittenPath = readonly string[];

/** What a service, a mount or a build can name and the project has to define. */
export type ReferenceKind = "service" | "network" | "volume" | "secret" | "config" | "model";

/**
 * What stays unknown because of a fault: `everything` (a file of the project itself), services and resources nobody can
 * name (an include), or one service, of which `attribute` is the part that is not fully known (absent: all of it).
 */
export type Hidden = "everything" | "resources" | { readonly service: string; readonly attribute?: string };

/** The machine-readable facts of a fault, by kind. Never a secret. */
export interface FaultFacts {
  /** No YAML, or YAML that Compose does not take: duplicate keys, unknown anchors, no UTF-8. */
  readonly syntax: { readonly file: string };
  readonly schema: { readonly path: WrittenPath; readonly key?: string; readonly suggestion?: string };
  /** An expression that is none, a required variable without a value, a text that is no number or boolean. */
  readonly interpolation: { readonly path: WrittenPath; readonly variable?: string };
  readonly "undefined-reference": {
    readonly what: ReferenceKind;
    readonly name: string;
    readonly service: string;
    /** The target exists, but no active profile enables it. */
    readonly disabled: boolean;
    /** A defined name that differs in little. */
    readonly suggestion?: string;
  };
  /** Services in order, each depending on the next and the last on the first. */
  readonly "dependency-cycle": { readonly services: readonly string[] };
  /** `service` is absent for a file of `--env-file` or `include`. */
  readonly "env-file-missing": { readonly path: string; readonly service?: string };
  readonly "duplicate-container-name": { readonly containerName: string; readonly services: readonly [string, string] };
  readonly "port-invalid": { readonly path: WrittenPath; readonly text: string };
  readonly extends: { readonly service: string; readonly base?: string; readonly file: string };
  readonly include: { readonly path: string };
  /** A file that exists and cannot be read: no right, too large, not a regular file. */
  readonly unreadable: { readonly path: string; readonly reason: string };
  /** Compose would fetch it; Bulkhead does not. */
  readonly remote: { readonly what: "extends" | "include"; readonly path: string; readonly service?: string };
  /** An env file with a line that is no assignment. */
  readonly dotenv: { readonly file: string };
  /** `path`: the value that was left out because of it. */
  readonly other: { readonly path?: WrittenPath };
}

/** The machine-readable facts of a warning, by kind. */
export interface WarningFacts {
  /** Unset and without a default, so that it became a blank text. One warning a variable, with every place. */
  readonly "blank-variable": { readonly variable: string; readonly uses: readonly BlankUse[] };
  readonly "obsolete-version": { readonly file: string };
  readonly other: { readonly file?: string };
}

export interface BlankUse {
  /** The `${NAME}` as written; in an env file the assignment. */
  readonly span?: Span;
  /** Where in the written model; absent for a use in an env file. */
  readonly path?: WrittenPath;
}

type Fact<Facts> = {
  readonly [K in keyof Facts]: { readonly kind: K; readonly data: Facts[K] };
}[keyof Facts];

export type FaultFact = Fact<FaultFacts>;
export type WarningFact = Fact<WarningFacts>;

/** What is wrong, for people: the fact with real names, its place, and what to do. */
export interface ComposeMessage {
  readonly message: string;
  readonly hint?: string;
  readonly span?: Span;
}

/** Something Compose refuses, or that Bulkhead cannot read. `hides`: what nobody can judge because of it. */
export type ComposeFault = ComposeMessage & FaultFact & { readonly hides?: readonly Hidden[] };

export type ComposeWarning = ComposeMessage & WarningFact;
