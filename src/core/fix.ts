/** How much a fix may change: `safe` nothing that runs, `behaviour` what runs, `data` may lose data. */
export type FixClass = "safe" | "behaviour" | "data";

/** Replaces the bytes `start`..`end` (end exclusive) of a file's original text; equal offsets insert. */
export interface TextEdit {
  /** Absolute path. A file that does not exist yet is created by an edit at 0..0. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A repair as data. Nothing is written before the reloaded project was judged again (rules/verify-fix.ts). */
export interface Fix {
  readonly class: FixClass;
  /** What it does, as an imperative sentence with real names: `Connect airflow to postgres instead of airflow`. */
  readonly title: string;
  /** In any order, not overlapping. */
  readonly edits: readonly TextEdit[];
  /** Path prefixes in the canonical model that it is meant to change: `["services", "mlflow"]`. */
  readonly touches: readonly (readonly string[])[];
  /** New services by the one each is modelled on: what is found of the model is no news of its copy. */
  readonly copies?: Readonly<Record<string, string>>;
  /**
   * Services that could not be seen through before (a cut command, a missing env file): what is then found of them was
   * there already, and is no news of this fix.
   */
  readonly reveals?: readonly string[];
  /** New secrets in the edits, never shown. */
  readonly secrets?: readonly string[];
  /** What the fix does not do and the user still has to: `bulkhead db split` for data that is there already. */
  readonly remark?: string;
}
