import { describe, expect, it } from "vitest";
import { dedent } from "../../test/helpers/dedent.ts";
import { edited, loadWhole } from "../../test/helpers/edit-project.ts";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import type { EditStep } from "./edit-kit.ts";

const service = (key: string) => `services:\n  s:\n    image: a\n    ${key}\n`;

function after(text: string, operation: EditStep): string | undefined {
  return edited({ "compose.yaml": text }, operation)?.["compose.yaml"];
}

describe("setEnvironment", () => {
  it.each([
    ["environment:\n      A: x # why\n      B: y", "environment:\n      A: new # why\n      B: y"],
    ["environment:\n      B: y # why", "environment:\n      B: y # why\n      A: new"],
    ["environment:\n      A: # why\n      B: y", "environment:\n      A: new # why\n      B: y"],
    ["environment:\n      - A=x # why\n      - B=y", "environment:\n      - A=new # why\n      - B=y"],
    ["environment:\n      - 'B=y'\n      # end", "environment:\n      - 'B=y'\n      - 'A=new'\n      # end"],
    ["environment:\n    - A", "environment:\n    - A=new"],
    ["environment: {A: x, B: y}", "environment: {A: new, B: y}"],
    ["environment: { B: y }", "environment: { B: y, A: new }"],
    ['environment: ["A=x", "AB=y"]', 'environment: ["A=new", "AB=y"]'],
    ["environment: [AB=y]", "environment: [AB=y, A=new]"],
    ["environment: {}", "environment: {A: new}"],
    ["environment: # why", "environment: # why\n      A: new"],
    ["init: true", "init: true\n    environment:\n      A: new"],
  ])("writes into %j", (written, wanted) => {
    expect(after(service(written), (kit) => kit.setEnvironment("s", "A", "new"))).toBe(service(wanted));
  });

  it.each([
    "010",
    "",
    "yes",
    "1:2",
    "# no",
    "a: b",
    "it's",
    '"',
    "\\",
    " a",
    "ü😀",
    "a\nb",
    "*x",
    "- a",
    "{a}",
    "<<",
    "$x",
  ])("hands %j over unchanged, as mapping, as list and in flow style", (value) => {
    for (const form of [
      "environment: {Z: z}",
      "environment:\n      Z: z",
      "environment: [Z=z]",
      "environment:\n      - Z=z",
    ]) {
      const text = after(service(form), (kit) => kit.setEnvironment("s", "A", value)) ?? "";
      const project = loadWhole(memorySources({ "compose.yaml": text }));
      expect(project.services["s"]?.environment).toEqual({ A: value, Z: "z" });
    }
  });

  it("keeps an interpolation and doubles every other $", () => {
    const text = after(service("init: true"), (kit) => kit.setEnvironment("s", "A", "${PW}@$h$$${"));
    expect(text).toContain("A: ${PW}@$$h$$$$$${");
  });

  it("adds to what the service takes over, and hides what it changes", () => {
    const text = dedent`
      x-env: &env
        A: shared
        B: b
      services:
        s: {image: a, environment: *env}
        t:
          image: a
          environment:
            <<: *env
    `;
    const both = ["s", "t"];
    expect(after(text, (kit) => kit.setEnvironment("s", "A", "own"))).toBe(
      text.replace("environment: *env}", "environment: {<<: *env, A: own}}"),
    );
    expect(after(text, (kit) => kit.setEnvironment("t", "A", "own"))).toBe(`${text}      A: own\n`);
    expect(after(text, (kit) => kit.setEnvironment(both, "A", "own"))).toBe(text.replace("A: shared", "A: own"));
  });

  it("writes a shared list anew", () => {
    const text =
      "x-e: &e [B=b]\nservices:\n  s:\n    image: a\n    environment: *e # why\n  t: {image: a, environment: *e}\n";
    expect(after(text, (kit) => kit.setEnvironment("s", "A", "x"))).toBe(
      text.replace("environment: *e # why", "environment: # why\n      - B=b\n      - A=x"),
    );
  });
});

describe("removeEnvironment", () => {
  it.each([
    ["environment:\n      A: x # why\n      B: y", "environment:\n      B: y"],
    ["environment:\n      - B=y\n      - A=x", "environment:\n      - B=y"],
    ["environment: {B: y, A: x}", "environment: {B: y}"],
    ["environment: [A=x, B=y]", "environment: [B=y]"],
    ["environment:\n      A: x\n    init: true", "init: true"],
    ["environment: [A]\n    init: true", "init: true"],
    ["init: true", "init: true"],
  ])("takes it out of %j", (written, wanted) => {
    expect(after(service(written), (kit) => kit.removeEnvironment("s", "A"))).toBe(service(wanted));
  });

  it("refuses a variable that others share", () => {
    const text = "x-e: &e {A: x}\nservices:\n  s: {image: a, environment: *e}\n  t: {image: a, environment: *e}\n";
    expect(after(text, (kit) => kit.removeEnvironment("s", "A"))).toBeUndefined();
  });
});
