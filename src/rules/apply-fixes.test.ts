import { describe, expect, it } from "vitest";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import { requestFor, type Texts } from "../../test/helpers/edit-project.ts";
import type { Fix } from "../core/fix.ts";
import { overlaySources } from "../edit/overlay-sources.ts";
import { applyFixes } from "./apply-fixes.ts";
import { createJudge } from "./create-judge.ts";
import { isIgnored } from "./is-ignored.ts";
import { defineRule, type Fault, type Rule, type Subject } from "./rule.ts";

const random = { bytes: (length: number) => new Uint8Array(length).fill(7) };
const options = { sameServer: false, today: "2026-11-23" };

/** Finds services whose image is `from`, and repairs them as `plan` says. */
function imageRule(id: string, from: string, plan: (subject: Subject, service: string) => Partial<Fix>): Rule {
  return defineRule({
    id,
    group: "images",
    severity: "error",
    fix: "behaviour",
    summary: "",
    check: (subject) =>
      Object.entries(subject.project.services)
        .filter(([, { image }]) => image === from)
        .map(([service]): Fault => {
          const span = subject.project.origins.at(["services", service, "image"])?.chain[0]?.span;
          if (span === undefined) throw new Error("no place");
          const base: Fix = {
            class: "behaviour",
            title: `Replace ${from}`,
            edits: [],
            touches: [["services", service, "image"]],
          };
          return {
            message: `${service} runs ${from}`,
            labels: [{ span, text: "" }],
            services: [service],
            evidence: [service, from],
            fix: () => ({ ...base, ...plan(subject, service) }),
          };
        }),
  });
}

const setImage =
  (image: string) =>
  ({ edit }: Subject, service: string): Partial<Fix> => ({
    edits: edit.setServiceKey(service, ["image"], image) ?? [],
  });

function repair(rules: readonly Rule[], texts: Texts, classes?: readonly Fix["class"][]) {
  const sources = memorySources(texts);
  const judge = createJudge(requestFor(), rules, { random, options });
  const result = applyFixes(sources, judge, ({ finding }, current) => !isIgnored(finding, current), classes);
  const read = overlaySources(sources, result.edits).read("/p/compose.yaml");
  return {
    text: read.kind === "file" ? new TextDecoder().decode(read.bytes) : "",
    fixed: result.fixed.map(({ finding }) => finding.message),
    refused: result.refused.map(({ fix }) => fix.refused),
    left: result.after.judgements.map(({ finding }) => finding.message),
  };
}

const compose = "services:\n  s:\n    image: a # one\n  t:\n    image: b # two\n";

describe("applyFixes", () => {
  it("makes every fix, each on the result of the last", () => {
    const rules = [imageRule("a-rule", "a", setImage("c-longer")), imageRule("b-rule", "b", setImage("d"))];
    expect(repair(rules, { "compose.yaml": compose })).toEqual({
      text: "services:\n  s:\n    image: c-longer # one\n  t:\n    image: d # two\n",
      fixed: ["s runs a", "t runs b"],
      refused: [],
      left: [],
    });
  });

  it("makes only fixes of the allowed classes, and none that a comment speaks against", () => {
    const rules = [
      imageRule("a-rule", "a", setImage("c")),
      imageRule("b-rule", "b", (subject, service) => ({ ...setImage("d")(subject, service), class: "safe" })),
    ];
    expect(repair(rules, { "compose.yaml": compose }, ["safe"]).fixed).toEqual(["t runs b"]);
    const ignored = compose.replace("# one", "# bulkhead: ignore a-rule: a test");
    expect(repair(rules, { "compose.yaml": ignored }).fixed).toEqual(["t runs b"]);
  });

  it("tries a refused fix again once another one changed the project", () => {
    const afterB = (subject: Subject, service: string): Partial<Fix> =>
      subject.project.services["t"]?.image === "b" ? { edits: [] } : setImage("c")(subject, service);
    const rules = [imageRule("a-rule", "a", afterB), imageRule("b-rule", "b", setImage("d"))];
    const result = repair(rules, { "compose.yaml": compose });
    expect([result.fixed, result.refused]).toEqual([["t runs b", "s runs a"], []]);
  });

  it("comes to an end when fixes provoke each other", () => {
    const swap = [imageRule("a-rule", "a", setImage("b")), imageRule("b-rule", "b", setImage("a"))];
    expect(repair(swap, { "compose.yaml": "services:\n  s:\n    image: a\n" })).toMatchObject({
      fixed: [],
      refused: ["afterwards there is a new b-rule: s runs b"],
    });
  });
});

describe("a fix is refused", () => {
  const refusal = (plan: (subject: Subject, service: string) => Partial<Fix>) =>
    repair([imageRule("a-rule", "a", plan)], { "compose.yaml": compose });

  it.each<[string, (subject: Subject, service: string) => Partial<Fix>, string]>([
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
  ])("%s", (_what, plan, reason) => {
    const result = refusal(plan);
    expect([result.refused, result.text, result.left]).toEqual([[reason], compose, ["s runs a"]]);
  });
});
