import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CommandResult, StackHome } from "./stack-home.ts";

const executable = resolve("bin/bulkhead.js");
/** Ends what hangs. */
const limitMs = 300_000;

/** A command that still works; every test waits for its end. */
export interface RunningCommand {
  readonly pid: number;
  readonly ended: Promise<CommandResult>;
  /** Resolves when stdout or stderr holds the pattern; rejects with all output when the command ends before. */
  until(pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** A small project below a stack home. */
export interface FaultProject {
  readonly directory: string;
  /** `projects/NAME` of the state. */
  readonly state: string;
  /** Runs `bulkhead ARGS` in it to its end. */
  run(...args: readonly string[]): Promise<CommandResult>;
  /** The same with another environment on top. */
  runWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CommandResult>;
  start(...args: readonly string[]): RunningCommand;
  /** Starts `up` with `env` on top and kills it as soon as `service` runs; gives what it said. */
  leaveUp(service: string, env?: Readonly<Record<string, string>>): Promise<CommandResult>;
  write(file: string, text: string): Promise<void>;
  /** Pid of a service's application as `ps` tells it. */
  pid(service: string): Promise<number>;
}

/** Writes `compose.yaml` (and other files) into a new directory of the home; it is brought down when the home ends. */
export async function createProject(
  home: StackHome,
  name: string,
  files: string | Readonly<Record<string, string>>,
): Promise<FaultProject> {
  const directory = join(home.directory, name);
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text);
  };
  for (const [file, text] of Object.entries(typeof files === "string" ? { "compose.yaml": files } : files)) {
    await write(file, text);
  }
  home.onEndBringDown(directory);
  const begin = (env: Readonly<Record<string, string>>, args: readonly string[]): RunningCommand => {
    const child = spawn(process.execPath, [executable, ...args], {
      cwd: directory,
      env: { ...home.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let isOver = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const ended = new Promise<CommandResult>((done, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode) => {
        isOver = true;
        done({ exitCode, stdout, stderr });
      });
    });
    return {
      pid: child.pid ?? -1,
      ended,
      kill: (signal) => void child.kill(signal),
      until: (pattern) =>
        poll(
          () => {
            if (pattern.test(stdout + stderr)) return true;
            if (isOver) throw new Error(`ended before ${String(pattern)}:\n${stdout}${stderr}`);
            return false;
          },
          `${String(pattern)} in the output`,
        ),
    };
  };
  const state = join(home.env["BULKHEAD_HOME"] ?? "", "projects", name);
  const findPid = async (service: string): Promise<number | undefined> => {
    const { stdout } = await begin({}, ["ps", "--json"]).ended;
    const rows = (JSON.parse(stdout) as { services: { name: string; pid: number | null }[] }).services;
    return rows.find((row) => row.name === service)?.pid ?? undefined;
  };
  return {
    directory,
    state,
    write,
    run: (...args) => begin({}, args).ended,
    runWith: (env, ...args) => begin(env, args).ended,
    start: (...args) => begin({}, args),
    leaveUp: async (service, env = {}) => {
      const up = begin(env, ["up"]);
      await up.until(new RegExp(`${service}: starting`));
      await poll(async () => (await findPid(service)) !== undefined, `${service} to run`);
      up.kill("SIGKILL");
      return up.ended;
    },
    pid: async (service) => {
      const found = await findPid(service);
      if (found === undefined) throw new Error(`${service} does not run`);
      return found;
    },
  };
}

/** Asks until true; an Error that names what was awaited when it never comes. */
export async function poll(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const until = performance.now() + limitMs;
  while (!(await isTrue())) {
    if (performance.now() > until) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    await sleep(20);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Processes whose environment holds a text, with what the kernel tells of them. */
export function processesWith(text: string): { pid: number; arguments: string; environment: readonly string[] }[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, "utf8");
      const words = readFileSync(`/proc/${name}/cmdline`, "utf8");
      if (!environment.includes(text) && !words.includes(text)) return [];
      return [{ pid: Number(name), arguments: words.replaceAll("\0", " "), environment: environment.split("\0") }];
    } catch {
      return [];
    }
  });
}

/** An MLflow image with a PostgreSQL driver: the environment that `init`'s projects use. */
export const mlflowBuild = `build:
      context: .
      dockerfile_inline: |
        FROM ghcr.io/mlflow/mlflow:v3.17.2
        RUN pip install --no-cache-dir psycopg2-binary==2.9.13`;
