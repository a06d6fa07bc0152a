import type { UnitCheck, UnitStatus } from "../unit.ts";

/** What the checks of one run of a unit have shown so far. */
export interface Health {
  readonly verdict: UnitStatus["health"];
  /** Failures in a row that count. */
  readonly failures: number;
  readonly detail: string | undefined;
}

export const unknownHealth: Health = { verdict: "unknown", failures: 0, detail: undefined };

/**
 * Docker's rules: one success makes healthy; `retries` failures in a row make unhealthy; before the first success
 * failures within the start period do not count. `failure` is undefined when the check passed, `ranMs` the time since
 * the unit's start.
 */
export function nextHealth(health: Health, failure: string | undefined, ranMs: number, check: UnitCheck): Health {
  if (failure === undefined) return { verdict: "healthy", failures: 0, detail: undefined };
  const counts = health.verdict !== "unknown" || ranMs > check.startPeriodMs;
  const failures = counts ? health.failures + 1 : 0;
  const verdict = failures >= Math.max(1, check.retries) ? "unhealthy" : health.verdict;
  return { verdict, failures, detail: failure };
}

/** How long to wait before the next question: closely until the first success, then as the file says. */
export function checkDelayMs(health: Health, check: UnitCheck): number {
  return health.verdict === "unknown" ? Math.min(check.intervalMs, 2000) : check.intervalMs;
}
