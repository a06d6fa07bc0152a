import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TestContext } from "vitest";
import type { FixtureRequest } from "./compose-fixture.ts";

/** What Docker Compose said: text on stdout, or why it refused. */
export type ComposeAnswer = { readonly output: string } | { readonly refused: string };

/** Docker Compose's `config`, many calls in one process. */
export interface ConfigServer extends AsyncDisposable {
  config(request: FixtureRequest, format: "json" | "yaml"): Promise<ComposeAnswer>;
}

/**
 * The directory of the Docker Compose that scripts/oracle builds, built if need be. Where it cannot be built the test is
 * left out and says why; in CI it fails.
 */
export function requireOracle(context: TestContext): string {
  const script = fileURLToPath(new URL("../../scripts/oracle/build-oracle.mjs", import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (status === 0) return stdout.trim();
  if (process.env["CI"]) throw new Error(stderr.trim());
  process.stderr.write(`${context.task.name}\n  NOT TESTED: ${stderr.trim()}\n`);
  return context.skip(stderr.trim());
}

/** One call of the real executable. */
export function runCompose(directory: string, request: FixtureRequest, format: "json" | "yaml"): ComposeAnswer {
  const { stdout, stderr, status, error } = spawnSync(
    join(directory, "docker-compose"),
    composeArguments(request, format),
    { cwd: request.cwd, env: request.env, encoding: "utf8", input: request.input ?? "", maxBuffer: 64 * 1024 * 1024 },
  );
  if (error !== undefined) throw error;
  if (status === 0) return { output: stdout };
  const lines = stderr.trim().split("\n");
  return { refused: lines.filter((line) => !line.startsWith("time=")).join("\n") };
}

export function startConfigServer(directory: string): ConfigServer {
  const child = spawn(join(directory, "config-server"), { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  return {
    async config(request, format) {
      const before = last;
      const answered = (async () => {
        await before;
        const { cwd, env } = request;
        const call = {
          directory: cwd,
          arguments: composeArguments(request, format),
          environment: env,
          input: request.input ?? "",
        };
        child.stdin.write(`${JSON.stringify(call)}\n`);
        const line = await answers.next();
        if (line.done === true) throw new Error("the config server ended");
        const { output, refused } = JSON.parse(line.value) as { output: string; refused: string };
        return refused === "" ? { output } : { refused };
      })();
      last = answered;
      return answered;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

function composeArguments(request: FixtureRequest, format: string): readonly string[] {
  return [
    ...request.files.flatMap((file) => ["-f", file]),
    ...request.profiles.flatMap((profile) => ["--profile", profile]),
    ...request.envFiles.flatMap((file) => ["--env-file", file]),
    ...(request.projectName === undefined ? [] : ["-p", request.projectName]),
    ...(request.projectDirectory === undefined ? [] : ["--project-directory", request.projectDirectory]),
    "config",
    "--format",
    format,
  ];
}
