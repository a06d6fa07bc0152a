import { describe, expect, it } from "vitest";
import { dedent } from "../../test/helpers/dedent.ts";
import { edited } from "../../test/helpers/edit-project.ts";
import type { EditStep } from "./edit-kit.ts";

const others = "  b: {image: b}\n  c: {image: c}\n";
const service = (key: string) => `services:\n  s:\n    image: a\n    ${key}\n${others}`;

function after(text: string, operation: EditStep): string | undefined {
  return edited({ "compose.yaml": text }, operation)?.["compose.yaml"];
}

describe("setDependency", () => {
  it.each([
    ["init: true", "init: true\n    depends_on:\n      b:\n        condition: service_healthy"],
    ["depends_on: []", "depends_on:\n      b:\n        condition: service_healthy"],
    [
      "depends_on: [b, c] # why",
      "depends_on: # why\n      b:\n        condition: service_healthy\n      c:\n        condition: service_started",
    ],
    [
      "depends_on:\n      - b # one\n      # two\n      - 'c'\n    init: true",
      "depends_on:\n      b: # one\n        condition: service_healthy\n      # two\n      'c':\n        condition: service_started\n    init: true",
    ],
    [
      "depends_on:\n    - c",
      "depends_on:\n      c:\n        condition: service_started\n      b:\n        condition: service_healthy",
    ],
    [
      "depends_on:\n      b:\n        condition: service_started # why\n        restart: true",
      "depends_on:\n      b:\n        condition: service_healthy # why\n        restart: true",
    ],
    [
      "depends_on: {b: {restart: true, condition: service_started}}",
      "depends_on: {b: {restart: true, condition: service_healthy}}",
    ],
    [
      "depends_on:\n      c: {condition: service_started}",
      "depends_on:\n      c: {condition: service_started}\n      b:\n        condition: service_healthy",
    ],
  ])("waits for health where %j stands", (written, wanted) => {
    expect(after(service(written), (kit) => kit.setDependency("s", "b", "service_healthy"))).toBe(service(wanted));
  });

  it.each([
    ["init: true", "init: true\n    depends_on:\n      - b"],
    ["depends_on: [c]", "depends_on: [c, b]"],
    ["depends_on:\n      - c # why", "depends_on:\n      - c # why\n      - b"],
    ["depends_on:\n      - b", "depends_on:\n      - b"],
    ["depends_on:\n      b: {condition: service_healthy}", "depends_on:\n      b: {condition: service_started}"],
  ])("keeps the short form where it can: %j", (written, wanted) => {
    expect(after(service(written), (kit) => kit.setDependency("s", "b", "service_started"))).toBe(service(wanted));
  });

  it("leaves what other services share", () => {
    const text = dedent`
      x-d: &d
        - b
      services:
        s:
          image: a
          depends_on: *d
        t: {image: a, depends_on: *d}
        b: {image: b}
    `;
    expect(after(text, (kit) => kit.setDependency("s", "b", "service_healthy"))).toBe(
      text.replace(
        "s:\n    image: a\n    depends_on: *d",
        "s:\n    image: a\n    depends_on:\n      b:\n        condition: service_healthy",
      ),
    );
    expect(after(text, (kit) => kit.setDependency(["s", "t"], "b", "service_healthy"))).toBe(
      text.replace("  - b\n", "  b:\n    condition: service_healthy\n"),
    );
  });

  it("refuses a flow list over several lines, whose comments would go", () => {
    const text = service("depends_on: [\n      b, # why\n      c\n    ]");
    expect(after(text, (kit) => kit.setDependency("s", "b", "service_healthy"))).toBeUndefined();
  });
});

describe("removeDependency", () => {
  it.each([
    ["depends_on:\n      - b # why\n      - c", "depends_on:\n      - c"],
    ["depends_on: [c, b]", "depends_on: [c]"],
    [
      "depends_on:\n      b:\n        condition: service_started\n      c: {condition: service_started}",
      "depends_on:\n      c: {condition: service_started}",
    ],
    ["depends_on:\n      b:\n        condition: service_started\n    init: true", "init: true"],
    ["depends_on: [b]\n    init: true", "init: true"],
    ["depends_on: [c]", "depends_on: [c]"],
  ])("takes it out of %j", (written, wanted) => {
    expect(after(service(written), (kit) => kit.removeDependency("s", "b"))).toBe(service(wanted));
  });
});
