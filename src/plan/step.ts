/**
 * One change of the world as data. What it does stands in a table by `kind`; `args` is all that table gets, so that a
 * step can be done, checked and undone by another process, after this one was killed.
 */
export interface Step {
  /** Unique in its plan: `copy-database mlflow`. */
  readonly id: string;
  readonly kind: string;
  /** JSON only, never a secret. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Ids of the steps that must be done before. */
  readonly after: readonly string[];
  /** What people see while it runs: `copy airflow to mlflow`. */
  readonly title: string;
}

/** What a step found, as JSON: `{ rows: 120 }`. */
export type StepEvidence = Readonly<Record<string, unknown>>;

/** What a kind of step does. Each function is idempotent and reads the outcome from the world. */
export interface StepKind<Context> {
  readonly isDone: (context: Context, step: Step) => Promise<boolean>;
  /** What it gives is kept in the journal with the step, for the steps after it and for whoever reports. */
  readonly apply: (context: Context, step: Step) => Promise<StepEvidence | void>;
  /** Puts back what `apply` changed; also after half of it. Undefined: nothing to put back. */
  readonly undo?: (context: Context, step: Step) => Promise<void>;
}

export interface Plan {
  readonly id: string;
  /** What made it: `db split`. */
  readonly command: string;
  readonly steps: readonly Step[];
}
