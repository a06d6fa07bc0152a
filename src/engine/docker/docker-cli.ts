import { ToolError } from "../../core/tool-error.ts";
import type { LoadRequest } from "../../compose/load-request.ts";
import type { Project } from "../../compose/project.ts";
import type { Processes, RunRequest, RunResult } from "../../ports/processes.ts";

/** How `docker` is called for one project. */
export interface DockerCli {
  /** What every call gets: the caller's own environment, because Compose reads variables and Docker its context there. */
  readonly env: Readonly<Record<string, string>>;
  /** `docker compose ARGS` for this project's files. */
  composeArgv(...args: readonly string[]): [string, ...string[]];
  /**
   * Runs `docker compose ARGS` to its end. One call at a time: Compose calls that run side by side make networks and
   * containers twice (seen with v5.6.0).
   */
  compose(args: readonly string[], more?: CallOptions): Promise<RunResult>;
  /** Runs `docker ARGS`. */
  docker(args: readonly string[], more?: CallOptions): Promise<RunResult>;
}

export type CallOptions = Pick<RunRequest, "onLine" | "signal" | "input" | "timeoutMs" | "outputFile"> & {
  /** Added to the environment: `-e NAME` in the arguments passes it on without its value in argv. */
  readonly extraEnv?: Readonly<Record<string, string>>;
};

/** `request`: what the project was loaded from, so that Compose loads the same. */
export function createDockerCli(
  processes: Pick<Processes, "run">,
  project: Pick<Project, "name" | "directory" | "files">,
  request: Pick<LoadRequest, "cwd" | "env" | "profiles" | "envFiles">,
): DockerCli {
  const env = Object.fromEntries(
    Object.entries(request.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const flags = [
    ["--project-name", project.name, "--project-directory", project.directory],
    ...project.files.map((file) => ["--file", file]),
    ...request.profiles.map((profile) => ["--profile", profile]),
    ...request.envFiles.map((file) => ["--env-file", file]),
  ].flat();
  const composeArgv: DockerCli["composeArgv"] = (...args) => ["docker", "compose", ...flags, ...args];
  const call = async (argv: RunRequest["argv"], { extraEnv, ...more }: CallOptions = {}): Promise<RunResult> => {
    try {
      return await processes.run({ argv, cwd: request.cwd, env: { ...env, ...extraEnv }, ...more });
    } catch (error) {
      throw isMissing(error) ? notInstalled() : error;
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    env,
    composeArgv,
    docker: (args, more) => call(["docker", ...args], more),
    compose: (args, more) => {
      const next = last.then(() => call(composeArgv(...args), more));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && error.code === "ENOENT" && "path" in error && error.path === "docker"
  );
}

function notInstalled(): ToolError {
  return new ToolError("DOCKER_NOT_INSTALLED", "There is no docker command on this machine's PATH.", {
    hint: "https://docs.docker.com/engine/install/\nOr without Docker: bulkhead up --engine native",
    detail: { fault: "not-installed" },
  });
}
