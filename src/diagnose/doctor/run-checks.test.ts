import { expect, it } from "vitest";
import { ToolError } from "../../core/tool-error.ts";
import type { DoctorCheck } from "./doctor-check.ts";
import type { DoctorPlace } from "./doctor-place.ts";
import { runChecks } from "./run-checks.ts";

/** A clock whose sleeps end when they are released. */
function createPlace(): { readonly place: DoctorPlace; readonly endSleeps: () => void } {
  const waiting: (() => void)[] = [];
  const clock = { now: () => 0, sleep: () => new Promise<void>((resolve) => waiting.push(resolve)) };
  const place = { io: { clock } } as unknown as DoctorPlace;
  return { place, endSleeps: () => waiting.forEach((end) => end()) };
}

const check = (id: string, questions: DoctorCheck["questions"]): DoctorCheck => ({
  id,
  title: id,
  scope: "stack",
  questions,
});

const works = check("works", () => [{ ask: async () => ({ outcome: "ok", fact: "fine" }) }]);
const { signal } = new AbortController();

it("hides no answer behind a check that throws, while asking or while being asked", async () => {
  const { place } = createPlace();
  const throwing = check("throwing", () => [
    {
      ask: async () => {
        throw new ToolError("POSTGRES_UNREACHABLE", "db does not run.", { hint: "bulkhead up db" });
      },
    },
  ]);
  const broken = check("broken", () => {
    throw new Error("no such service");
  });
  const rows = await runChecks([throwing, broken, works], place, signal);
  expect(rows.map(({ id, outcome, fact, cure }) => [id, outcome, fact, cure])).toEqual([
    ["throwing", "unknown", "db does not run.", "bulkhead up db"],
    ["broken", "unknown", "no such service", undefined],
    ["works", "ok", "fine", undefined],
  ]);
});

it("tells a question that does not answer in its time, and ends it", async () => {
  const { place, endSleeps } = createPlace();
  let isEnded = false;
  const hanging = check("hanging", () => [
    {
      ask: (over) =>
        new Promise((_, reject) => {
          over.addEventListener("abort", () => {
            isEnded = true;
            reject(new Error("ended"));
          });
        }),
    },
  ]);
  const looking = runChecks([hanging, works], place, signal);
  await new Promise((resolve) => setImmediate(resolve));
  endSleeps();
  const rows = await looking;
  expect(rows.map(({ id, outcome, fact }) => [id, outcome, fact])).toEqual([
    ["hanging", "unknown", "no answer within 10 s"],
    ["works", "ok", "fine"],
  ]);
  expect(isEnded).toBe(true);
});

it("ends when it is interrupted", async () => {
  const { place } = createPlace();
  await expect(runChecks([works], place, AbortSignal.abort(new Error("interrupted")))).rejects.toThrow("interrupted");
});
