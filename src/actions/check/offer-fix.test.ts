import { describe, expect, it } from "vitest";
import type { Fix } from "../../core/fix.ts";
import type { Judgement } from "../../rules/judge-subject.ts";
import type { Judged } from "../../rules/verify-fix.ts";
import { createFixOffer } from "./offer-fix.ts";

const sources = {
  read: (path: string) => ({ kind: "missing" as const, path }),
  kindOf: () => "missing" as const,
  list: () => [],
};
const judged: Judged = { outcome: { project: undefined, faults: [], gaps: [] }, judgements: [] };
const fix: Fix = { class: "safe", title: "Repair", edits: [], touches: [] };

function judgement(planFix: Judgement["planFix"]): Judgement {
  const span = { file: "/p/compose.yaml", start: 0, end: 1, line: 1, column: 1 };
  return {
    rule: { id: "some-rule", group: "loading", severity: "warning", fix: "safe", summary: "", check: () => [] },
    finding: {
      rule: "some-rule",
      judgement: "fault",
      severity: "warning",
      confidence: "certain",
      message: "something is wrong",
      labels: [{ span, text: "" }],
      also: [],
      services: [],
      evidence: [],
      notes: [],
    },
    planFix,
  };
}

describe("createFixOffer", () => {
  it("tries the repairs of the first findings of a large project, and says so of the others", () => {
    const offer = createFixOffer(sources, () => judged, 5_000);
    const without = offer(judgement(() => undefined));
    const [first, second, third] = [1, 2, 3].map(() => offer(judgement(() => fix)));
    expect(without).not.toHaveProperty("fix");
    expect([first?.fix, second?.fix]).toMatchObject([{ refused: expect.any(String) }, { refused: expect.any(String) }]);
    expect(third).not.toHaveProperty("fix");
    expect(third?.notes).toEqual([
      "Its repair was not looked for: with 5000 services, those of 2 findings are at a time",
    ]);
    expect(offer(judgement(undefined)).notes).toEqual([]);
  });

  it("tries all of a project of usual size", () => {
    const offer = createFixOffer(sources, () => judged, 10);
    expect(Array.from({ length: 1_000 }, () => offer(judgement(() => fix))).every((one) => "fix" in one)).toBe(true);
  });
});
