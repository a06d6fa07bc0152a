import { describe, expect, it } from "vitest";
import { suggest } from "./suggest.ts";

describe("suggest", () => {
  it.each([
    ["pss", "ps"],
    ["donw", "down"],
    ["resart", "restart"],
    ["conf", "config"],
    ["tiemout", "timeout"],
  ])("finds %s near %s", (typed, word) => {
    expect(suggest(typed, ["up", "ps", "down", "restart", "config", "timeout"])).toBe(word);
  });

  it("finds nothing where nothing is near", () => {
    expect(suggest("kubernetes", ["up", "down"])).toBeUndefined();
    expect(suggest("xy", ["up", "ps"])).toBeUndefined();
  });
});
