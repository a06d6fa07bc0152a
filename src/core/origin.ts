import type { Span } from "./span.ts";

/** How a step of an origin chain contributed to the effective value. */
export type OriginStep =
  | "written"
  | "interpolated"
  | "anchor"
  | "merge-key"
  | "env-file"
  | "dotenv"
  | "shell"
  | "override"
  | "extends"
  | "default";

/** One link of the chain: what happened and where. Shell values and defaults have no span. */
export interface OriginLink {
  readonly step: OriginStep;
  readonly span?: Span;
  /** For `interpolated`, `dotenv` and `shell`: the variable's name. */
  readonly variable?: string;
  /** For `interpolated`: the variable was not set; `blank` when nothing stood in for it either. */
  readonly unset?: "defaulted" | "blank";
  /** For `shell` and `dotenv`: places that set the same variable and lost. */
  readonly beaten?: readonly OriginLink[];
}

/**
 * Where an effective value came from. `chain[0]` is the place that decided it; later links lead to the text it was
 * built from. `losers` are values that were written for the same path and replaced.
 */
export interface Origin {
  readonly chain: readonly OriginLink[];
  readonly losers: readonly Origin[];
}
