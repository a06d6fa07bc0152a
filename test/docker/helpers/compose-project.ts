import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryDirectory } from "../../helpers/temporary-directory.ts";
import type { ProgramResult } from "../../helpers/run-program.ts";
import { docker, uniqueName } from "./docker.ts";
import { copyExample, findFreePort, removeBuiltImages } from "./example-files.ts";

/** The host's side of a quoted short port mapping. */
const publishedPort = /^ +- "(?:127\.0\.0\.1:)?(\d+):\d+"$/gm;

/** A copy of a tracked example that plain `docker compose` runs; all of it is removed when the block ends. */
export interface ComposeProject extends AsyncDisposable {
  /** The Compose project's name. */
  readonly name: string;
  readonly directory: string;
  /** `http://127.0.0.1:PORT`, by the port that the example publishes. */
  addressOf(published: number): string;
  /** Runs `docker compose ARGS`; throws with its output unless it succeeds. */
  compose(...args: readonly string[]): Promise<ProgramResult>;
}

/** Which of the two that ../install-plugins.mjs installs. */
export type ComposeVersion = "newest" | "oldest";

/** What the environment gains for the docker client to have that Compose as its plugin. */
export function composeEnvironment(version: ComposeVersion): Readonly<Record<string, string>> {
  const newest = process.env["DOCKER_CONFIG"];
  if (newest === undefined) {
    throw new Error("DOCKER_CONFIG is not set: export DOCKER_CONFIG=$(node test/docker/install-plugins.mjs)");
  }
  return { DOCKER_CONFIG: version === "newest" ? newest : `${newest}-oldest` };
}

/**
 * `await using project = await createComposeProject("airflow-mlflow", "newest")`. What the file demands of `.env` gets
 * random values, and its published ports become free ones: other stacks of this machine keep theirs.
 */
export async function createComposeProject(example: string, version: ComposeVersion): Promise<ComposeProject> {
  const env = composeEnvironment(version);
  const temporary = await createTemporaryDirectory();
  const directory = join(temporary.path, example);
  const ports = new Map<string, number>();
  let file = await copyExample(example, directory);
  for (const [, published = ""] of file.matchAll(publishedPort)) ports.set(published, await findFreePort());
  file = file.replaceAll(publishedPort, (text, published: string) =>
    text.replace(published, String(ports.get(published))),
  );
  await writeFile(join(directory, "compose.yaml"), file);
  const name = uniqueName("project");
  const run = async (...args: readonly string[]): Promise<ProgramResult> => {
    const argv = ["compose", "--project-name", name, "--progress", "plain", ...args];
    const result = await docker(argv, { cwd: directory, env });
    if (result.exitCode === 0) return result;
    throw new Error(`docker ${argv.join(" ")} ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`);
  };
  return {
    name,
    directory,
    addressOf: (published) => `http://127.0.0.1:${ports.get(String(published))}`,
    compose: run,
    [Symbol.asyncDispose]: async () => {
      await run("down", "--volumes", "--remove-orphans", "--timeout", "2");
      await removeBuiltImages(name);
      await temporary.remove();
    },
  };
}
