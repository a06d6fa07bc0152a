import { describe, expect, it } from "vitest";
import { dedent } from "../../test/helpers/dedent.ts";
import { edited } from "../../test/helpers/edit-project.ts";
import type { EditStep } from "./edit-kit.ts";

function after(text: string, operation: EditStep): string | undefined {
  return edited({ "compose.yaml": text }, operation)?.["compose.yaml"];
}

describe("addEntry", () => {
  it("puts a service behind another, apart as the others are", () => {
    const before = dedent`
      services:
        # The server
        db:
          image: postgres:16
          # volumes: []

        # The app
        app:
          image: a

      volumes: {}
    `;
    const value = { image: "postgres:16", volumes: ["v:/d"], environment: { A: "${PW}" } };
    expect(after(before, (kit) => kit.addEntry("services", "db-2", value, "db"))).toBe(
      dedent`
      services:
        # The server
        db:
          image: postgres:16
          # volumes: []

        db-2:
          image: postgres:16
          volumes:
            - v:/d
          environment:
            A: "\${PW}"

        # The app
        app:
          image: a

      volumes: {}
    `.replace('"\\${PW}"', "${PW}"),
    );
    expect(after(before, (kit) => kit.addEntry("services", "x", { image: "x" }))).toBe(
      before.replace("    image: a\n", "    image: a\n\n  x:\n    image: x\n"),
    );
  });

  it.each([
    ["volumes:\n  a: # why\n    # deeper\n", "volumes:\n  a: # why\n    # deeper\n  v:\n"],
    ["volumes:\n", "volumes:\n  v:\n"],
    ["volumes: {}\n", "volumes:\n  v:\n"],
    ["volumes: {a: {}}\n", "volumes: {a: {}, v: null}\n"],
    ["# end\n", "# end\nvolumes:\n  v:\n"],
    ["\nx-a: 1\n", "\nx-a: 1\n\nvolumes:\n  v:\n"],
  ])("adds a volume to a file that ends in %j", (written, wanted) => {
    const text = (end: string) => `services:\n  s:\n    image: a\n${end}`;
    expect(after(text(written), (kit) => kit.addEntry("volumes", "v", null))).toBe(text(wanted));
  });

  it("refuses a name that is taken and a section that is an alias", () => {
    const text = "x-v: &v {a: {}}\nservices: {s: {image: a}}\nvolumes: *v\n";
    expect(after(text, (kit) => kit.addEntry("volumes", "v", null))).toBeUndefined();
    expect(after(text, (kit) => kit.addEntry("services", "s", { image: "b" }))).toBeUndefined();
  });

  it("goes to the file that writes the service it follows, else the last one with the section", () => {
    const texts = {
      "compose.yaml": "services:\n  s:\n    image: a\n",
      "compose.override.yaml": "services:\n  t:\n    image: b\nvolumes:\n  a:\n",
    };
    const add = (section: "services" | "volumes" | "networks", follows?: string) =>
      edited(texts, (kit) => kit.addEntry(section, "new", section === "services" ? { image: "c" } : null, follows));
    expect(add("services", "s")?.["compose.yaml"]).toBe(`${texts["compose.yaml"]}  new:\n    image: c\n`);
    expect(add("volumes")?.["compose.override.yaml"]).toBe(`${texts["compose.override.yaml"]}  new:\n`);
    expect(add("networks")?.["compose.yaml"]).toBe(`${texts["compose.yaml"]}networks:\n  new:\n`);
  });
});

describe("removeTopLevel", () => {
  const rest = "services:\n  s:\n    image: a\n";
  it.each([
    ["version: '3' # old\n\n", ""],
    ["version: '3'\n", ""],
    ["# top\nversion: '3'\n\n", "# top\n\n"],
    ["name: n\nversion: '3'\n\n", "name: n\n\n"],
    ["name: n\n\nversion: '3'\n\n", "name: n\n\n"],
    ["\uFEFFversion: '3'\n\n", "\uFEFF"],
  ])("takes the line out of %j", (written, wanted) => {
    expect(after(written + rest, (kit) => kit.removeTopLevel("version"))).toBe(wanted + rest);
  });

  it("takes it from the end and out of flow style", () => {
    expect(after(`${rest}version: '3'`, (kit) => kit.removeTopLevel("version"))).toBe(rest.trimEnd());
    expect(after("{version: '3', services: {s: {image: a}}}\n", (kit) => kit.removeTopLevel("version"))).toBe(
      "{services: {s: {image: a}}}\n",
    );
  });

  it("takes it out of every file that has it", () => {
    const texts = { "compose.yaml": `version: '3'\n${rest}`, "compose.override.yaml": `version: "2"\n${rest}` };
    expect(edited(texts, (kit) => kit.removeTopLevel("version"))).toEqual({
      "compose.yaml": rest,
      "compose.override.yaml": rest,
    });
  });
});
