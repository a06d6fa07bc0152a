import { describe, expect, it } from "vitest";
import type { UnitCheck } from "../unit.ts";
import { checkDelayMs, nextHealth, unknownHealth, type Health } from "./health.ts";

const check: UnitCheck = {
  test: { kind: "tcp", host: "127.0.0.1", port: 1 },
  intervalMs: 10_000,
  timeoutMs: 1000,
  retries: 3,
  startPeriodMs: 5000,
};

const after = (health: Health, failures: number, ranMs: number): Health =>
  Array.from({ length: failures }).reduce<Health>((state) => nextHealth(state, "no", ranMs, check), health);

describe("nextHealth", () => {
  const healthy = nextHealth(unknownHealth, undefined, 0, check);

  it("one success makes healthy", () => {
    expect(healthy).toEqual({ verdict: "healthy", failures: 0, detail: undefined });
    expect(nextHealth(after(healthy, 3, 0), undefined, 0, check)).toEqual(healthy);
  });

  it("so many failures in a row make unhealthy", () => {
    expect(after(healthy, 2, 60_000)).toEqual({ verdict: "healthy", failures: 2, detail: "no" });
    expect(after(healthy, 3, 60_000).verdict).toBe("unhealthy");
  });

  it("failures within the start period count only after a first success", () => {
    expect(after(unknownHealth, 9, 5000)).toEqual({ verdict: "unknown", failures: 0, detail: "no" });
    expect(after(unknownHealth, 3, 5001).verdict).toBe("unhealthy");
    expect(after(healthy, 3, 1).verdict).toBe("unhealthy");
  });

  it("no retries means one failure", () => {
    expect(nextHealth(healthy, "no", 60_000, { ...check, retries: 0 }).verdict).toBe("unhealthy");
  });
});

it("asks closely until the first answer, then at the interval", () => {
  expect(checkDelayMs(unknownHealth, check)).toBe(2000);
  expect(checkDelayMs(unknownHealth, { ...check, intervalMs: 500 })).toBe(500);
  expect(checkDelayMs({ verdict: "healthy", failures: 0, detail: undefined }, check)).toBe(10_000);
});
