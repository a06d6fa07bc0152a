import { describe, expect, it } from "vitest";
import { edited, loadWhole, openKit } from "../../test/helpers/edit-project.ts";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import { renderDotenvValue } from "./edit-dotenv.ts";

const compose = "services:\n  s:\n    image: a\n    environment:\n      A: ${A:-}\n";

describe("setVariable", () => {
  it.each([
    [undefined, "A=x\n"],
    ["", "A=x\n"],
    ["B=1\n", "B=1\nA=x\n"],
    ["B=1", "B=1\nA=x\n"],
    ["B=1\r\n", "B=1\r\nA=x\r\n"],
    ["A=1 # why\nB=2\n", "A=x # why\nB=2\n"],
    ["export A='1' # why", "export A=x # why"],
    ['A: "1\n2"\nB=2', "A: x\nB=2"],
    ["A = 1\nA = 2\n", "A = 1\nA = x\n"],
    ["\uFEFFA=1", "\uFEFFA=x"],
    ["A=\nB=2\n", "A=x\nB=2\n"],
    ["# Größe 😀\nA=1\n", "# Größe 😀\nA=x\n"],
  ])("writes into %j", (written, wanted) => {
    const texts = { "compose.yaml": compose, ...(written === undefined ? {} : { ".env": written }) };
    expect(edited(texts, (kit) => kit.setVariable("A", "x"))?.[".env"]).toBe(wanted);
  });

  it.each(["", " ", "a b", "a#b", "a #b", "$x", "${x}", "'", '"', `'"`, "a\\", "\\'", "a\nb", "é😀", "a=b", "%40"])(
    "hands %j over unchanged",
    (value) => {
      const texts = edited({ "compose.yaml": compose, ".env": "Z=1" }, (kit) => kit.setVariable("A", value));
      expect(loadWhole(memorySources(texts ?? {})).services["s"]?.environment).toEqual({ A: value });
    },
  );

  it("refuses where it would have no effect, or write outside of the project", () => {
    const texts = { "compose.yaml": compose };
    expect(edited(texts, (kit) => kit.setVariable("A", "x"), { env: { A: "shell" } })).toBeUndefined();
    expect(
      edited(texts, (kit) => kit.setVariable("A", "x"), { env: { COMPOSE_DISABLE_ENV_FILE: "1" } }),
    ).toBeUndefined();
    const outside = openKit({ ...texts, "../o.env": "" }, { envFiles: ["../o.env"] });
    expect(outside.kit.setVariable("A", "x")).toBeUndefined();
  });

  it("writes the last of the env files that were named", () => {
    const texts = { "compose.yaml": compose, "a.env": "A=1\n", "b.env": "B=1\n" };
    const after = edited(texts, (kit) => kit.setVariable("A", "x"), { envFiles: ["a.env", "b.env"] });
    expect(after).toEqual({ ...texts, "b.env": "B=1\nA=x\n" });
  });
});

describe("renderDotenvValue", () => {
  it("prefers the bare value, then single quotes, then double quotes", () => {
    expect(["a/b:c@d", "a b", "it's"].map(renderDotenvValue)).toEqual(["a/b:c@d", "'a b'", '"it\'s"']);
  });
});
