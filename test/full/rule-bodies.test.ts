import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/node/node-sources.ts";
import { RULES } from "../../src/rules/registry.gen.ts";
import { describeFinding, fixtureJudge } from "../helpers/rule-fixture.ts";
import { repositoryPath } from "../helpers/source-files.ts";

const emptied = RULES.flatMap((rule) => {
  const rules = RULES.map((one) => (one === rule ? { ...rule, check: () => [] } : one));
  const fixtures = repositoryPath(`test/fixtures/rules/${rule.id}`);
  return readdirSync(fixtures)
    .filter((name) => name === "bad" || name.startsWith("bad-"))
    .map((name) => ({ id: rule.id, name, rules, directory: join(fixtures, name) }));
});

describe("a rule whose body is emptied", () => {
  it.each(emptied)("turns $id/$name red", ({ rules, directory }) => {
    const { judgements } = fixtureJudge(directory, rules)(nodeSources);
    const text = judgements.map(({ finding }) => describeFinding(finding, directory)).join("\n");
    expect(text).not.toBe(readFileSync(join(directory, "findings.txt"), "utf8"));
  });
});
