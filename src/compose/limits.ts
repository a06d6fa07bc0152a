import type { Span } from "../core/span.ts";
import { addFault, type Faults } from "./faults.ts";

/**
 * What one project may use of each; a hundred times and more what real projects do. Compose has no such limits and takes
 * all the time and memory there is (docs/decisions/0011).
 */
const limits = {
  /** Files read through `include`. */
  "included files": 1_000,
  /** Ports that short ranges stand for. */
  "published ports": 200_000,
  /** Values that services have from those they extend. */
  "values through extends": 500_000,
  /** Variables from env_file, over all services. */
  "variables from env files": 200_000,
  /** Characters of texts that variables were replaced in. */
  "characters of interpolated text": 32 * 1024 * 1024,
} as const;

/** Takes from a limit of the load. False, with one fault, when it is used up: what was asked for has to be left out. */
export function spendLimit(faults: Faults, what: keyof typeof limits, amount: number, span?: Span): boolean {
  const used = (faults.spent.get(what) ?? 0) + amount;
  const limit = limits[what];
  faults.spent.set(what, used);
  if (used <= limit) return true;
  // One fault, however often it happens.
  if (used - amount <= limit)
    addFault(faults, `the project has more than ${limit} ${what}`, span, { hides: ["everything"] });
  return false;
}
