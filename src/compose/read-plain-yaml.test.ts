import { describe, expect, it } from "vitest";
import { assertSameNodes, assertSameNodesMutated, readYamlFiles } from "../../test/helpers/assert-plain-yaml.ts";
import { readPlainYaml } from "./read-plain-yaml.ts";

describe("readPlainYaml", () => {
  it("reads most files, and each as the complete parser does", () => {
    const files = readYamlFiles();
    const taken = files.filter(assertSameNodes);
    expect(taken.length / files.length).toBeGreaterThan(0.8);
  });

  it("never reads a changed file otherwise than the complete parser does", () => assertSameNodesMutated(3_000, 1));

  it.each([
    "a: 1",
    "a:\n",
    "a: b # c\n\n# d\n",
    "a:   \nb: ''\n",
    "a: &x\n  b: 1\nc: *x\nd: {<<: *x}\n",
    "a:\n- b\n-   c: d\n    e: f\n- [1, {x: 'y'}, \"\\t\"]\n",
    "a: |-\n  one\n\n   two\n\nb: >\n  folded\n  text\n",
    "a: http://b:80/#c ? - d\n",
    "\"a\": -1\n'b': ~\n",
    "a:\n  # above\n  b: 😀 é\n",
  ])("takes %j", (text) => expect(assertSameNodes(text)).toBe(true));

  it.each([
    "",
    "# only a comment\n",
    "text\n",
    "- a\n  b\n",
    "a: b\n  c\n",
    "a: b: c\n",
    "a: b:\n",
    "a:b\n",
    "a:\tb\n",
    "a: b\r\n",
    "\uFEFFa: b\n",
    "--- \na: b\n",
    "a: b\n---\nc: d\n",
    "%YAML 1.2\n---\na: b\n",
    "a: !reset null\n",
    "? a\n: b\n",
    "a: 'b\n  c'\n",
    "a: [b,\n  c]\n",
    "a: [b, c,]\n",
    "a: [b c: d]\n",
    "a: {b}\n",
    "a: |2\n   b\n",
    "a: |+\n  b\n",
    "a: |\nb: c\n",
    "a: &x b\n",
    "a: &x\nb: c\n",
    "a: # c\nb: d\n",
    "a:\n  b:\n# c\nd: e\n",
    "a: b\n  # indented more than what follows\nc: d\n",
    "a:\n  b: c\n d: e\n",
    "a:\n    b: c\n  d: e\n",
    "a: - b\n",
    "- - b\n",
    "a: 'b'c\n",
    'a: "\\x41"\n',
    "a: @b\n",
    "a: %b\n",
  ])("leaves %j to the complete parser", (text) => expect(readPlainYaml(text)).toBeUndefined());

  it("is not led deeper than people write, and not into large files", () => {
    const nested = Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("");
    expect(readPlainYaml(nested)).toBeUndefined();
    expect(readPlainYaml(`a: ${"[".repeat(300)}${"]".repeat(300)}\n`)).toBeUndefined();
    expect(readPlainYaml("a: b\n".repeat(300_000))).toBeUndefined();
  });
});
