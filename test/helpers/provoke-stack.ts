import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { poll } from "./fault-project.ts";
import { judgeFixture } from "./rule-fixture.ts";
import { repositoryPath } from "./source-files.ts";
import { createStackHome } from "./stack-home.ts";

/** What a rule announces, and what the services then print. */
export interface ProvokedStack {
  readonly consequences: readonly string[];
  /** What `up` says, then the logs of all services. */
  readonly output: string;
  /** How `up` ended once the rule's fix was made, and its services' states then; undefined where none was wanted. */
  readonly repaired: { readonly exitCode: number | null; readonly output: string; readonly states: States } | undefined;
}

type States = Readonly<Record<string, string>>;

/** How a stack is brought up. */
export interface Provocation {
  /** Texts of the Compose file and what stands for them: a release whose packages ship locked, a slower command. */
  readonly edits?: Readonly<Record<string, string>>;
  /** Services to start, with what they depend on; all when absent. */
  readonly services?: readonly string[];
  /** A service and a command to run in it. */
  readonly exec?: readonly [string, ...string[]];
  /** What the logs are waited for to hold, where `up` does not wait for it. */
  readonly late?: RegExp;
  /** Then make the rule's fix by `check --fix=behaviour`, and start again on what the failed start left. */
  readonly repair?: boolean;
}

/**
 * Brings up test/fixtures/rules/RULE/NAME with the real applications, against the advice of `check`, and takes it down
 * again.
 */
export async function provokeStack(
  rule: string,
  name: string,
  { edits = {}, services = [], exec, late, repair = false }: Provocation = {},
): Promise<ProvokedStack> {
  await using home = await createStackHome();
  const project = join(home.directory, "stack");
  await cp(repositoryPath(`test/fixtures/rules/${rule}/${name}`), project, { recursive: true });
  const consequences = judgeFixture(project).flatMap((finding) =>
    finding.rule === rule && finding.consequence !== undefined ? [finding.consequence] : [],
  );
  const file = join(project, "compose.yaml");
  let text = await readFile(file, "utf8");
  for (const [written, other] of Object.entries(edits)) text = text.replaceAll(written, other);
  await writeFile(file, text);
  home.onEndBringDown(project);
  const results = [await home.run(project, "up", "--no-check", "--auto-ports", ...services)];
  if (exec !== undefined) results.push(await home.run(project, "exec", ...exec));
  let logs = await home.run(project, "logs");
  if (late !== undefined) {
    await poll(
      async () => {
        logs = await home.run(project, "logs");
        return late.test(logs.stdout);
      },
      `${String(late)} in the logs`,
    );
  }
  results.push(logs);
  const output = results.map(({ stdout, stderr }) => stdout + stderr).join("");
  return { consequences, output, repaired: repair ? await startRepaired() : undefined };

  async function startRepaired(): Promise<ProvokedStack["repaired"]> {
    // What else there is to say of the project ends it with 1.
    const fix = await home.run(project, "check", "--fix=behaviour", "--yes", "--rule", rule);
    const up = await home.run(project, "up", "--auto-ports");
    const ps = await home.run(project, "ps", "--json");
    const { services: listed } = JSON.parse(ps.stdout) as { services: { name: string; state: string }[] };
    return {
      exitCode: up.exitCode,
      output: [fix, up].map(({ stdout, stderr }) => stdout + stderr).join(""),
      states: Object.fromEntries(listed.map(({ name: service, state }) => [service, state])),
    };
  }
}
