import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect } from "vitest";
import { createJudge } from "../../src/rules/create-judge.ts";
import { RULES } from "../../src/rules/registry.gen.ts";
import { isToolError } from "../../src/core/tool-error.ts";
import { memorySources } from "./memory-sources.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { fixedRandom } from "./rule-fixture.ts";
import { seededRandom } from "./seeded-random.ts";

type Files = Readonly<Record<string, Uint8Array>>;

const fixtures = join(import.meta.dirname, "../fixtures/rules");
/** Seconds of computing that no small project may take. */
const limit = 5;

const judge = createJudge(
  {
    cwd: "/p",
    files: [],
    projectName: undefined,
    projectDirectory: undefined,
    profiles: ["*"],
    envFiles: [],
    env: { HOME: "/h" },
  },
  RULES,
  { random: fixedRandom, options: { sameServer: false, today: "2026-11-23" } },
);

/**
 * Judges mutations of the projects that the rules have findings in: nothing but a ToolError is thrown, every place of a
 * finding lies in its file, and none takes long. The same seed gives the same mutations.
 */
export function assertRulesSurvive(count: number, seed: number): void {
  const random = seededRandom(seed);
  const projects = readProjects();
  const texts = projects.flatMap((files) => Object.values(files));
  let found = 0;
  let slowest = 0;
  for (let round = 0; round < count; round++) {
    const original = random.pick(projects);
    const name = random.pick(Object.keys(original));
    const mutated = mutateBytes(original[name] ?? new Uint8Array(), random.pick(texts), random);
    const files = { ...original, [name]: mutated };
    const before = process.cpuUsage().user;
    try {
      found += judgeFiles(files);
    } catch (error) {
      const text = JSON.stringify(Buffer.from(mutated).toString("latin1"));
      throw new Error(`round ${round} of seed ${seed}: ${name} is ${text}`, { cause: error });
    }
    slowest = Math.max(slowest, (process.cpuUsage().user - before) / 1e6);
  }
  expect(slowest).toBeLessThan(limit);
  // Mutations that break everything would test no rule.
  expect(found).toBeGreaterThan(count / 2);
}

/** How many findings there are. */
function judgeFiles(files: Files): number {
  try {
    const { judgements } = judge(memorySources(files), { withHidden: true });
    for (const { finding } of judgements) {
      expect(finding.message).not.toBe("");
      for (const { span } of [...finding.labels, ...finding.also]) {
        const size = files[relative("/p", span.file)]?.length ?? 0;
        if (span.start < 0 || span.start > span.end || span.end > size)
          throw new Error(`${finding.rule}: ${span.start}-${span.end} is not in the ${size} bytes of ${span.file}`);
      }
    }
    return judgements.length;
  } catch (error) {
    if (isToolError(error)) return 0;
    throw error;
  }
}

/** The files of every project of the rules' fixtures, by name. */
function readProjects(): readonly Files[] {
  const paths = readdirSync(fixtures, { recursive: true, encoding: "utf8" });
  const roots = paths.filter((path) => /(?:^|\/)(?:docker-)?compose\.ya?ml$/.test(path)).map(dirname);
  return [...new Set(roots)].toSorted().map((root) => {
    const directory = join(fixtures, root);
    const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
      (file) => statSync(join(directory, file)).isFile() && file !== "findings.txt",
    );
    return Object.fromEntries(names.map((file) => [file, new Uint8Array(readFileSync(join(directory, file)))]));
  });
}
