import { describe, expect, it } from "vitest";
import type { Finding } from "../core/finding.ts";
import { applyIgnores, findIgnores } from "./apply-ignores.ts";

const finding = (rule: string, line: number, file = "/p/compose.yaml"): Finding => ({
  rule,
  judgement: "fault",
  severity: "error",
  confidence: "certain",
  message: "",
  labels: [{ span: { file, start: 0, end: 1, line, column: 1 }, text: "" }],
  also: [],
  services: [],
  evidence: [],
  notes: [],
});

describe("findIgnores", () => {
  it("finds comments behind a value and above one, with rules and reason", () => {
    const text = [
      "services:",
      "  db: # bulkhead: ignore postgres-no-volume: thrown away every night",
      "  # bulkhead: ignore a-rule, b-rule: two at once",
      "  # another comment",
      "",
      "  app:",
      "    image: x # bulkhead: ignore unpinned-image",
    ].join("\n");
    expect(findIgnores("/p/compose.yaml", text).map(({ rule, reason, line }) => [rule, reason, line])).toEqual([
      ["postgres-no-volume", "thrown away every night", 2],
      ["a-rule", "two at once", 6],
      ["b-rule", "two at once", 6],
      ["unpinned-image", "", 7],
    ]);
  });

  it("gives the comment's own span, CRLF and wide characters before it", () => {
    const text = "a: 한 # bulkhead: ignore x: y\r\n";
    const [ignore] = findIgnores("/p/c.yaml", text);
    const bytes = Buffer.from(text).subarray(ignore?.span.start, ignore?.span.end).toString();
    expect(bytes).toBe("# bulkhead: ignore x: y");
    expect(ignore?.span.column).toBe(6);
  });
});

describe("applyIgnores", () => {
  const ignores = findIgnores("/p/compose.yaml", "x: 1 # bulkhead: ignore a-rule: known\n");

  it("takes out the finding it speaks of and keeps others", () => {
    const found = [finding("a-rule", 1), finding("b-rule", 1), finding("a-rule", 2), finding("a-rule", 1, "/p/.env")];
    const result = applyIgnores(found, ignores, new Set(["a-rule"]));
    expect(result.findings).toEqual(found.slice(1));
    expect(result.ignored.map(({ finding: one, ignore }) => [one, ignore.reason])).toEqual([[found[0], "known"]]);
  });

  it("tells an ignore that finds nothing, unless its rule did not run", () => {
    expect(applyIgnores([], ignores, new Set(["a-rule"])).findings.map(({ rule }) => rule)).toEqual(["unused-ignore"]);
    expect(applyIgnores([], ignores, new Set(["b-rule"])).findings).toEqual([]);
  });

  it("has no effect without a reason, and says so", () => {
    const bare = findIgnores("/p/compose.yaml", "x: 1 # bulkhead: ignore a-rule\n");
    const result = applyIgnores([finding("a-rule", 1)], bare, new Set(["a-rule"]));
    expect(result.findings.map(({ rule }) => rule)).toEqual(["a-rule", "ignore-without-reason"]);
    expect(result.ignored).toEqual([]);
  });
});
