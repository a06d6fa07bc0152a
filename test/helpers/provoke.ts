import { spawnSync } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestContext } from "vitest";
import type { Finding } from "../../src/core/finding.ts";
import { requireOracle } from "./compose-oracle.ts";
import { judgeFixture } from "./rule-fixture.ts";
import { repositoryPath } from "./source-files.ts";
import { createTemporaryDirectory } from "./temporary-directory.ts";

/** A project in a directory of its own, in which a rule's failure is provoked with the real software. */
export interface ProvokedProject extends AsyncDisposable {
  readonly path: string;
  /** What the rule says here. */
  readonly findings: readonly Finding[];
  /** The lines that the rule says will be printed. */
  readonly consequences: readonly string[];
  /** What the real Docker Compose prints when it is called so. */
  compose(context: TestContext, ...args: readonly string[]): string;
  /** What a program prints in the project's directory, with nothing in its environment but `env`. */
  run(command: readonly string[], env?: Readonly<Record<string, string>>): string;
}

/** A copy of test/fixtures/rules/RULE/NAME, or of the files given by their texts. */
export async function provokeProject(
  rule: string,
  from: string | Readonly<Record<string, string>>,
): Promise<ProvokedProject> {
  const temporary = await createTemporaryDirectory();
  const path = join(temporary.path, "stack");
  if (typeof from === "string")
    await cp(repositoryPath(`test/fixtures/rules/${rule}/${from}`), path, { recursive: true });
  else {
    for (const [name, text] of Object.entries(from)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    }
  }
  const findings = judgeFixture(path).filter((finding) => finding.rule === rule);
  return {
    path,
    findings,
    consequences: findings.flatMap(({ consequence }) => consequence ?? []),
    compose: (context, ...args) =>
      runProgram([join(requireOracle(context), "docker-compose"), ...args], path, {
        HOME: temporary.path,
        DOCKER_HOST: "unix:///nonexistent/docker.sock",
      }),
    run: (command, env = {}) => runProgram(command, path, env),
    [Symbol.asyncDispose]: () => temporary.remove(),
  };
}

function runProgram(
  [program = "", ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): string {
  const { stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env,
    encoding: "utf8",
    timeout: 600_000,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error !== undefined) throw error;
  return stdout + stderr;
}
