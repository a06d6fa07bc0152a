import { describe, expect, it } from "vitest";
import { suggestKey } from "./suggest-key.ts";

describe("suggestKey", () => {
  const known = ["image", "environment", "env_file", "depends_on", "ports"];

  it.each([
    ["imgae", "image"],
    ["enviroment", "environment"],
    ["depends-on", "depends_on"],
    ["port", "ports"],
  ])("%s was meant to be %s", (word, meant) => {
    expect(suggestKey(word, known)).toBe(meant);
  });

  it("stays silent when nothing is near", () => {
    expect(suggestKey("totally_unknown", known)).toBeUndefined();
    expect(suggestKey("x", known)).toBeUndefined();
  });
});
