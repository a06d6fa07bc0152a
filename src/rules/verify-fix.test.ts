import { describe, expect, it } from "vitest";
import type { Texts } from "../../test/helpers/edit-project.ts";
import { requestFor } from "../../test/helpers/request-for.ts";
import { imageRule, setImage, type PlanImageFix } from "../../test/helpers/image-rule.ts";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import { createJudge } from "./create-judge.ts";
import type { Rule } from "./rule.ts";
import { verifyFix } from "./verify-fix.ts";

const random = { bytes: (length: number) => new Uint8Array(length).fill(7) };
const options = { sameServer: false, today: "2026-11-23" };
const compose = "services:\n  s:\n    image: a # one\n  t:\n    image: b # two\n";

/** What becomes of the fix for the first thing found: the reason it is refused for, or `offered`. */
function verify(rules: readonly Rule[], texts: Texts = { "compose.yaml": compose }): string {
  const sources = memorySources(texts);
  const judge = createJudge(requestFor(), rules, { random, options });
  const first = judge(sources).judgements.find(({ planFix }) => planFix !== undefined);
  const fix = first?.planFix?.();
  if (first === undefined || fix === undefined) throw new Error("nothing to repair");
  const verified = verifyFix(first.finding, fix, { sources, judge, before: judge(sources, { withHidden: true }) });
  return "refused" in verified ? verified.refused : verified === fix ? "offered" : "another fix";
}

describe("a fix is offered", () => {
  it("that mends its finding and changes what it means to", () => {
    expect(verify([imageRule("a-rule", "a", setImage("c"))])).toBe("offered");
  });

  it("though other findings stay as they are", () => {
    expect(verify([imageRule("a-rule", "a", setImage("c")), imageRule("b-rule", "b", setImage("d"))])).toBe("offered");
  });

  it.each<[string, PlanImageFix]>([
    ["of a copy of what had the same finding", () => ({ copies: { s: "t" } })],
    ["of a service that could not be seen through before", () => ({ reveals: ["s"] })],
  ])("that shows a finding %s", (_what, more) => {
    const plan: PlanImageFix = (subject, service) => ({
      ...setImage("b")(subject, service),
      ...more(subject, service),
    });
    expect(verify([imageRule("a-rule", "a", plan), imageRule("b-rule", "b", () => ({}))])).toBe("offered");
  });
});

describe("a fix is refused", () => {
  it.each<[string, PlanImageFix, string]>([
    ["that changes no text", () => ({ edits: [] }), "it changes no text"],
    [
      "that leaves the finding",
      ({ edit }, service) => ({
        edits: edit.setServiceKey(service, ["init"], true) ?? [],
        touches: [["services", service]],
      }),
      "afterwards the finding is still there",
    ],
    [
      "that a second run would make again",
      ({ project, edit }, service) => ({
        edits:
          edit.setEnvironment(
            service,
            `TURN_${Object.keys(project.services[service]?.environment ?? {}).length}`,
            "1",
          ) ?? [],
        touches: [["services", service]],
      }),
      "afterwards the finding is still there",
    ],
    ["that makes a new finding", setImage("b"), "afterwards there is a new b-rule: s runs b"],
    [
      "that changes more than it means to",
      ({ edit }, service) => ({
        edits:
          edit.sequence([
            (kit) => kit.setServiceKey(service, ["image"], "c"),
            (kit) => kit.setEnvironment("t", "NEW", "1"),
          ]) ?? [],
      }),
      "it would also change services.t.environment.NEW",
    ],
    [
      "that breaks the project",
      ({ edit }, service) => ({
        edits:
          edit.sequence([
            (kit) => kit.setServiceKey(service, ["image"], "c"),
            (kit) => kit.setDependency(service, "nobody", "service_started"),
          ]) ?? [],
        touches: [["services", service]],
      }),
      'afterwards Compose would refuse the project: service "s" depends on the undefined service "nobody"',
    ],
    [
      "whose edits overlap",
      ({ edit }, service) => {
        const edits = edit.setServiceKey(service, ["image"], "c") ?? [];
        return { edits: [...edits, ...edits] };
      },
      "two of its edits overlap",
    ],
    [
      "outside of the project",
      () => ({ edits: [{ file: "/q/compose.yaml", start: 0, end: 0, text: "x" }] }),
      "/q/compose.yaml is outside of the project directory /p",
    ],
    [
      "whose path climbs out of the project",
      () => ({ edits: [{ file: "/p/../q/.env", start: 0, end: 0, text: "x" }] }),
      "/p/../q/.env is outside of the project directory /p",
    ],
  ])("%s", (_what, plan, reason) => {
    expect(verify([imageRule("a-rule", "a", plan), imageRule("b-rule", "b", setImage("d"))])).toBe(reason);
  });

  it("whose edits lie behind the end of the text", () => {
    const plan: PlanImageFix = () => ({ edits: [{ file: "/p/compose.yaml", start: 900, end: 901, text: "x" }] });
    expect(verify([imageRule("a-rule", "a", plan)])).toMatch(/900/);
  });
});
