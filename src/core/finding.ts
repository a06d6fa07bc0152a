import type { Fix, FixClass } from "./fix.ts";
import type { Span } from "./span.ts";

/** By effect. `error`: the first `up` fails or data is lost; `warning`: it will hurt later; `info`: good to know. */
export type Severity = "error" | "warning" | "info";

/** `certain` follows from the files alone; `likely` rests on something they do not say. Only certain errors stop `up`. */
export type Confidence = "certain" | "likely";

/** One place of a finding with its part in the story: `MLflow's database`, `filled from here`. */
export interface Label {
  readonly span: Span;
  /** A few words, without a full stop; secrets are never part of it. */
  readonly text: string;
}

/** What rules and renderers call a fact that breaks or endangers the project, or one that could not be judged. */
export interface Finding {
  /** Rule id: `shared-database`. */
  readonly rule: string;
  /** `unknown`: not judged, `message` says what and why. */
  readonly judgement: "fault" | "unknown";
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** The fact with real names, no advice, one sentence without line breaks and full stop. */
  readonly message: string;
  /** First the place to look at, then the chain that led there, over all files. */
  readonly labels: readonly [Label, ...Label[]];
  /** The same cause in further places (an anchor used by six services). */
  readonly also: readonly Label[];
  /** Services it concerns, in the order they were written. */
  readonly services: readonly string[];
  /** Stable identity: names and values that make it this finding, never prose. Fingerprints are made of it. */
  readonly evidence: readonly string[];
  /** The effective value with secrets masked: `postgresql+psycopg2://airflow:***@airflow:5432/airflow`. */
  readonly effective?: string;
  /** The line the application or Compose will print, as measured. */
  readonly consequence?: string;
  /** Facts that help to decide, a sentence each. */
  readonly notes: readonly string[];
  /** A verified repair, or why the repair of this rule was refused here. */
  readonly fix?: Fix | RefusedFix;
}

export interface RefusedFix {
  readonly class: FixClass;
  readonly title: string;
  readonly refused: string;
}
