import type { UnitCheck, UnitSpec } from "../unit.ts";
import { checkDelayMs, nextHealth, unknownHealth, type Health } from "./health.ts";
import { runCheck } from "./run-check.ts";

/** The health checks of one run of a unit. */
export interface HealthWatch {
  readonly health: () => Health;
  readonly stop: () => void;
}

/**
 * Asks a unit's check again and again, each time after the last answer, until stopped. `onChange` is called when the
 * verdict changes. `startedAt`: when the unit was started, milliseconds since the epoch.
 */
export function watchHealth(
  unit: Pick<UnitSpec, "cwd" | "owner">,
  check: UnitCheck,
  env: Readonly<Record<string, string>>,
  startedAt: number,
  onChange: () => void,
): HealthWatch {
  const abort = new AbortController();
  let health = unknownHealth;
  let timer = setTimeout(ask, checkDelayMs(health, check));

  function ask(): void {
    void runCheck(check, unit, env, abort.signal).then((failure) => {
      if (abort.signal.aborted) return;
      const before = health;
      health = nextHealth(health, failure, Date.now() - startedAt, check);
      timer = setTimeout(ask, checkDelayMs(health, check));
      if (before.verdict !== health.verdict) onChange();
    });
  }

  return {
    health: () => health,
    stop: () => {
      abort.abort();
      clearTimeout(timer);
    },
  };
}
