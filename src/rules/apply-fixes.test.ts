import { describe, expect, it } from "vitest";
import { imageRule, setImage } from "../../test/helpers/image-rule.ts";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import type { Texts } from "../../test/helpers/edit-project.ts";
import { requestFor } from "../../test/helpers/request-for.ts";
import type { Fix } from "../core/fix.ts";
import { overlaySources } from "../edit/overlay-sources.ts";
import { applyFixes } from "./apply-fixes.ts";
import { createJudge } from "./create-judge.ts";
import { isIgnored } from "./is-ignored.ts";
import type { Rule, Subject } from "./rule.ts";

const random = { bytes: (length: number) => new Uint8Array(length).fill(7) };
const options = { sameServer: false, today: "2026-11-23" };

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
