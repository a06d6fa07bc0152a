import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { loadProject } from "../../../src/compose/load-project.ts";
import { openDockerSession, type DockerSession } from "../../../src/engine/docker/docker-session.ts";
import { createNodePorts } from "../../../src/node/node-ports.ts";
import { resolveTopology } from "../../../src/topology/resolve-topology.ts";
import { createTemporaryDirectory } from "../../helpers/temporary-directory.ts";
import { composeEnvironment, type ComposeVersion } from "./compose-project.ts";
import { runProgram, type ProgramResult } from "../../helpers/run-program.ts";
import { docker, uniqueName } from "./docker.ts";
import { copyExample, findFreePort, removeBuiltImages } from "./example-files.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A project of its own name, run by the built command under Docker; all of it is removed when the block ends. */
export interface BulkheadProject extends AsyncDisposable {
  readonly name: string;
  readonly directory: string;
  /** The Compose file's text as it was written first. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs `bulkhead ARGS` to its end. BULKHEAD_ENGINE is docker unless `env` says otherwise. */
  bulkhead(...args: readonly string[]): Promise<ProgramResult>;
  /** The same; throws with its output unless it succeeds. */
  succeed(...args: readonly string[]): Promise<ProgramResult>;
  /** The same with other variables. */
  bulkheadWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<ProgramResult>;
  /** Runs `docker compose ARGS` to its end. */
  compose(...args: readonly string[]): Promise<ProgramResult>;
  openSession(): Promise<DockerSession>;
}

/**
 * `await using project = await createBulkheadProject({ services: { ... } })`, or the name of a tracked example: its file
 * stays as it is, and an override publishes free ports instead of its own.
 */
export async function createBulkheadProject(
  model: object | string,
  version: ComposeVersion = "newest",
): Promise<BulkheadProject> {
  const temporary = await createTemporaryDirectory();
  const directory = join(temporary.path, "project");
  if (typeof model === "string") {
    const file = await copyExample(model, directory);
    await writeFile(join(directory, "compose.override.yaml"), await publishFreePorts(file));
  } else {
    await mkdir(directory);
    await writeFile(join(directory, "compose.yaml"), stringify(model));
  }
  const name = uniqueName("bulkhead");
  const env: Record<string, string> = {
    COMPOSE_PROJECT_NAME: name,
    BULKHEAD_HOME: join(temporary.path, "data"),
    BULKHEAD_ENGINE: "docker",
    NO_COLOR: "1",
    ...composeEnvironment(version),
  };
  const bulkheadWith: BulkheadProject["bulkheadWith"] = (more, ...args) =>
    runProgram(process.execPath, [join(root, "bin/bulkhead.js"), ...args], {
      cwd: directory,
      env: { ...env, ...more },
    });
  const compose: BulkheadProject["compose"] = (...args) => docker(["compose", ...args], { cwd: directory, env });
  return {
    name,
    directory,
    file: await readFile(join(directory, "compose.yaml"), "utf8"),
    env,
    bulkheadWith,
    bulkhead: (...args) => bulkheadWith({}, ...args),
    succeed: async (...args) => {
      const result = await bulkheadWith({}, ...args);
      if (result.exitCode === 0) return result;
      throw new Error(`bulkhead ${args.join(" ")} ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`);
    },
    compose,
    openSession: async () => {
      const ports = createNodePorts();
      const whole = { ...process.env, ...env };
      const host = { ...ports.host, cwd: directory, env: whole };
      const request = {
        cwd: directory,
        env: whole,
        files: [],
        projectName: undefined,
        projectDirectory: undefined,
        profiles: [],
        envFiles: [],
      };
      const project = loadProject(ports.sources, request);
      const home = {
        ports: { ...ports, host },
        resources: join(root, "resources"),
        supervisorEntry: join(root, "dist/supervisor.js"),
        postgresDependency: undefined,
        version: "0.0.0",
        emit: () => undefined,
        signal: new AbortController().signal,
      };
      return openDockerSession(home, request, project, resolveTopology(project, ports.sources));
    },
    [Symbol.asyncDispose]: async () => {
      await bulkheadWith({ BULKHEAD_ENGINE: "native" }, "down", "-v", "--no-backup");
      const down = await compose("down", "--volumes", "--remove-orphans", "--timeout", "2");
      await removeBuiltImages(name);
      await temporary.remove();
      if (down.exitCode !== 0) throw new Error(`docker compose down ended with ${down.exitCode}:\n${down.stderr}`);
    },
  };
}

async function publishFreePorts(file: string): Promise<string> {
  const { services } = parse(file, { merge: true }) as {
    services: Readonly<Record<string, { readonly ports?: readonly string[] }>>;
  };
  const lines = ["services:"];
  for (const [name, { ports = [] }] of Object.entries(services)) {
    const published: string[] = [];
    for (const port of ports) published.push(`127.0.0.1:${await findFreePort()}:${port.split(":").at(-1)}`);
    if (published.length > 0) lines.push(`  ${name}: { ports: !override ${JSON.stringify(published)} }`);
  }
  return `${lines.join("\n")}\n`;
}
