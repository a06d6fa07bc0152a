import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { judgeFixture } from "./rule-fixture.ts";
import { repositoryPath } from "./source-files.ts";
import { createStackHome } from "./stack-home.ts";

/** What a rule announces, and what the services then print. */
export interface ProvokedStack {
  readonly consequences: readonly string[];
  /** What `up` says, then the logs of all services. */
  readonly output: string;
}

/**
 * Brings up test/fixtures/rules/RULE/NAME with the real applications, against the advice of `check`, and takes it down
 * again. `releases`: images by others, whose packages ship locked and need not be resolved.
 */
export async function provokeStack(
  rule: string,
  name: string,
  releases: Readonly<Record<string, string>> = {},
): Promise<ProvokedStack> {
  await using home = await createStackHome();
  const project = join(home.directory, "stack");
  await cp(repositoryPath(`test/fixtures/rules/${rule}/${name}`), project, { recursive: true });
  const file = join(project, "compose.yaml");
  let text = await readFile(file, "utf8");
  for (const [image, other] of Object.entries(releases)) text = text.replaceAll(image, other);
  await writeFile(file, text);
  const consequences = judgeFixture(project).flatMap((finding) =>
    finding.rule === rule && finding.consequence !== undefined ? [finding.consequence] : [],
  );
  home.onEndBringDown(project);
  const up = await home.run(project, "up", "--no-check", "--auto-ports", "--wait-timeout", "20");
  const logs = await home.run(project, "logs");
  return { consequences, output: up.stdout + up.stderr + logs.stdout };
}
