import type { ProductId } from "../catalog/product.ts";
import type { RevisionOwner } from "./revision-owner.ts";
import type { Sighting } from "./sighting.ts";

/** Of signatures; a folder of `signatures/` each. */
export type SignatureGroup =
  | "alembic"
  | "network"
  | "postgres"
  | "host"
  | "airflow"
  | "mlflow"
  | "packages"
  | "general"
  | "facts";

/**
 * What a line says about the stack.
 *
 * - `fault`: something is wrong, and this can be the root of it
 * - `consequence`: something else is wrong: a symptom
 * - `noise`: looks like an error and harms nothing
 * - `fact`: nothing is wrong; it tells another signature more (a volume that kept its data, a server that answers)
 */
export type SignatureKind = "fault" | "consequence" | "noise" | "fact";

/** One step of a cure. Texts hold names in braces, as the signature's `what` does. */
export interface CureStep {
  readonly say: string;
  /** A pasteable command. A name that cannot stand in a command unquoted becomes upper case there: `DATABASE`. */
  readonly run?: string;
}

/** What a signature may ask about the place where its line was found. */
export interface SightingContext {
  /** Of the service that wrote the line: by the project, else by the paths in its traceback, else by its name. */
  readonly product: ProductId | undefined;
  /** The service that a host name means for the service that wrote the line; undefined without a project. */
  readonly serviceOf: (host: string) => string | undefined;
  readonly productOf: (service: string) => ProductId | undefined;
  /** Who has an Alembic revision of this id. */
  readonly ownersOf: (revision: string) => readonly RevisionOwner[];
  /** Whether a signature's lines were seen, with these names. */
  readonly hasSeen: (id: string, names?: Readonly<Record<string, string>>) => boolean;
  /** Milliseconds from a line to the end of its log, while its service said nothing else that is known; 0: nobody knows. */
  readonly silenceAfter: (sighting: Sighting) => number;
}

/** How sure it is, and further names for the texts. */
export interface Judgement {
  readonly confidence: "certain" | "likely";
  readonly names?: Readonly<Record<string, string>>;
}

/** A failure as it shows in logs: the line, what it means, and the cure. */
export interface Signature {
  /** Kebab-case, the file's name; part of the public contract: `foreign-revision`. */
  readonly id: string;
  readonly group: SignatureGroup;
  readonly kind: SignatureKind;
  /**
   * Words of ASCII, six bytes or more; a line that matches one of `patterns` holds one of them. They are what is searched
   * for.
   */
  readonly marks: readonly [string, ...string[]];
  /** Of one line without the prefixes that collectors put before it. Their named groups are names for the texts. */
  readonly patterns: readonly [RegExp, ...RegExp[]];
  /** Whether it really is this one; left out: always, with `confidence`. */
  readonly judge?: (sighting: Sighting, context: SightingContext) => Judgement | undefined;
  readonly confidence: "certain" | "likely";
  /** What happened, one sentence without a full stop, with names in braces: `{service} cannot log in as {user}`. */
  readonly what: string;
  /** Why it happens, for the reader who never saw it; sentences. */
  readonly why: string;
  readonly cure: readonly CureStep[];
  /**
   * What brings this one about, in the service or one it depends on: ids, names of groups, or `down` for every signature
   * with `keepsDown`.
   */
  readonly follows?: readonly string[];
  /** The service cannot run while it is so: who needs it fails too. */
  readonly keepsDown?: boolean;
  /** Ids of facts after which this one is over, in the same service; left out: what `fold-causes.ts` says of its group. */
  readonly endsWith?: readonly string[];
  /** The part of the service's database address that it is about: leads to the place in the Compose file. */
  readonly part?: "host" | "port" | "user" | "password" | "database" | "scheme" | "all";
  /** Issues, pull requests, source files. */
  readonly sources: readonly string[];
  /** Real lines that it is, each with the service that may have written it, as `docker compose logs` shows them. */
  readonly examples: readonly [string, ...string[]];
  /** Real lines that look like it and are not. */
  readonly lookalikes: readonly [string, ...string[]];
}

/** Gives the signature back; the one place where its shape is checked. */
export function defineSignature(signature: Signature): Signature {
  return signature;
}
