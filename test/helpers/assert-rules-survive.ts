import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { createJudge } from "../../src/rules/create-judge.ts";
import { RULES } from "../../src/rules/registry.gen.ts";
import { isToolError } from "../../src/core/tool-error.ts";
import { memorySources } from "./memory-sources.ts";
import { requestFor } from "./request-for.ts";
import { fixedRandom } from "./rule-fixture.ts";
import { assertInside, readFixtureFiles, surviveMutations } from "./survive-mutations.ts";
import type { Files } from "./survive-mutations.ts";

const fixtures = join(import.meta.dirname, "../fixtures/rules");

const judge = createJudge(requestFor({ profiles: ["*"], env: { HOME: "/h" } }), RULES, {
  random: fixedRandom,
  options: { sameServer: false, today: "2026-11-23" },
});

/**
 * Judges mutations of the projects that the rules have findings in: nothing but a ToolError is thrown, every place of a
 * finding lies in its file, and none takes long. The same seed gives the same mutations.
 */
export function assertRulesSurvive(count: number, seed: number): void {
  const found = surviveMutations(readProjects(), { count, seed }, judgeFiles);
  // Mutations that break everything would test no rule.
  expect(found).toBeGreaterThan(count / 2);
}

/** How many findings there are. */
function judgeFiles(files: Files): number {
  try {
    const { judgements } = judge(memorySources(files), { withHidden: true });
    for (const { finding } of judgements) {
      expect(finding.message).not.toBe("");
      for (const { span } of [...finding.labels, ...finding.also]) assertInside(files, span, finding.rule);
    }
    return judgements.length;
  } catch (error) {
    if (isToolError(error)) return 0;
    throw error;
  }
}

function readProjects(): readonly Files[] {
  const paths = readdirSync(fixtures, { recursive: true, encoding: "utf8" });
  const roots = paths.filter((path) => /(?:^|\/)(?:docker-)?compose\.ya?ml$/.test(path)).map(dirname);
  return [...new Set(roots)].toSorted().map((root) => readFixtureFiles(join(fixtures, root), /^findings\.txt$/));
}
