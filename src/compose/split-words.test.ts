import { describe, expect, it } from "vitest";
import { splitWords } from "./split-words.ts";

describe("splitWords", () => {
  it.each<[string, readonly string[]]>([
    ["", []],
    ["a  b\tc\nd", ["a", "b", "c", "d"]],
    [`bash -c "echo 'a b' && x"`, ["bash", "-c", "echo 'a b' && x"]],
    ["a'b c'd", ["ab cd"]],
    [`"" ''`, ["", ""]],
    ["a\\ b \\n \\t \\\\", ["a b", "\n", "\t", "\\"]],
    ["'a\\b'", ["a\\b"]],
    ["one two; three", ["one", "two"]],
    ["one && two", ["one"]],
    ["one 2> x", ["one"]],
    ["$(a b) c", ["$(a b)", "c"]],
    ["`a b` c", ["`a b`", "c"]],
    ["a # b", ["a", "#", "b"]],
  ])("splits %j", (text, words) => {
    expect(splitWords(text)?.map((word) => word.text)).toEqual(words);
  });

  it.each([`"open`, "'open", "a)", "(a", "end\\", "`open", "$(open"])("refuses %j", (text) => {
    expect(splitWords(text)).toBeUndefined();
  });
});
