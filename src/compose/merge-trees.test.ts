import { describe, expect, it } from "vitest";
import { createFaults } from "./faults.ts";
import { mergeTrees } from "./merge-trees.ts";
import { parseYaml } from "./parse-yaml.ts";
import { createSourceText } from "./source-text.ts";
import { toPlain } from "./to-plain.ts";
import { emptyMapping, type Tree } from "./tree.ts";

function treeOf(text: string): Tree {
  const faults = createFaults();
  const [document] = parseYaml(createSourceText("f", text), faults);
  expect(faults.faults).toEqual([]);
  return document?.root ?? emptyMapping;
}

function merged(base: string, over: string) {
  const faults = createFaults();
  const wrap = (text: string) => treeOf(`services: {s: {${text}}}`);
  const model = toPlain(mergeTrees(wrap(base), wrap(over), [], faults)) as { services: { s: unknown } };
  return { service: model.services.s, faults: faults.faults.map(({ message }) => message) };
}

describe("mergeTrees", () => {
  it.each<[string, string, string, unknown]>([
    ["scalars are replaced", "image: a", "image: b", { image: "b" }],
    ["null keeps what was", "image: a", "image: ", { image: "a" }],
    ["maps merge by key", "deploy: {a: 1, b: 1}", "deploy: {b: 2}", { deploy: { a: 1, b: 2 } }],
    ["lists append without equals", "cap_add: [A, B]", "cap_add: [B, C]", { cap_add: ["A", "B", "C"] }],
    ["commands are replaced", "command: [a, b]", "command: c", { command: "c" }],
    ["a null command is a replacement", "command: [a, b]", "command: ", { command: null }],
    [
      "environment map over list",
      "environment: [A=1, B=1]",
      "environment: {A: 2, C: }",
      { environment: ["A=2", "B=1", "C"] },
    ],
    ["numbers become text in lists", "labels: {v: 1.10}", "labels: [w=2]", { labels: ["v=1.1", "w=2"] }],
    ["text and list join", "dns: 1.1.1.1", "dns: [8.8.8.8]", { dns: ["1.1.1.1", "8.8.8.8"] }],
    ["build text and map join", "build: ./a", "build: {target: t}", { build: { context: "./a", target: "t" } }],
    [
      "networks list and map join",
      "networks: [a]",
      "networks: {b: {priority: 1}}",
      { networks: { a: null, b: { priority: 1 } } },
    ],
    [
      "depends_on list and map join",
      "depends_on: [a]",
      "depends_on: {a: {restart: true}}",
      { depends_on: { a: { condition: "service_started", required: true, restart: true } } },
    ],
    [
      "logging of another driver is replaced",
      "logging: {driver: a, options: {x: y}}",
      "logging: {driver: b}",
      { logging: { driver: "b" } },
    ],
    [
      "ulimits of another form are replaced",
      "ulimits: {n: 1}",
      "ulimits: {n: {soft: 1, hard: 2}}",
      { ulimits: { n: { soft: 1, hard: 2 } } },
    ],
  ])("%s", (_, base, over, service) => {
    expect(merged(base, over)).toEqual({ service, faults: [] });
  });

  it("refuses kinds that do not go together", () => {
    expect(merged("ports: [1]", "ports: {a: 1}").faults).toEqual([
      "services.s.ports is a list and cannot be overridden by a mapping",
    ]);
  });
});
