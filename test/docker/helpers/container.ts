import { setTimeout as delay } from "node:timers/promises";
import type { ProgramResult } from "../../helpers/run-program.ts";
import { docker, dockerOutput, uniqueName } from "./docker.ts";

/** What stands before the image in `docker run`, and after it. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  readonly command?: readonly string[];
}

/** A container that runs until the block ends; its anonymous volumes end with it. */
export interface Container extends AsyncDisposable {
  readonly name: string;
  exec(...command: readonly string[]): Promise<ProgramResult>;
  /** Everything it has printed, on both streams. */
  logs(): Promise<string>;
  /** Waits for its end and gives the exit code. */
  wait(): Promise<number>;
  /** Waits until a command in it succeeds. Throws with its logs when it has ended. */
  waitForExec(...command: readonly string[]): Promise<void>;
}

/** Only ends what hangs. */
const HANG_MS = 600_000;

/** `docker run` to its end, and the container removed. */
export async function runContainer(image: string, run: RunOptions): Promise<ProgramResult> {
  return await docker(["run", "--rm", "--name", uniqueName("run"), ...argumentsOf(image, run)]);
}

function argumentsOf(image: string, { env = {}, options = [], command = [] }: RunOptions): readonly string[] {
  const variables = Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  return [...variables, ...options, image, ...command];
}

/** `docker run --detach`: `await using container = await startContainer(...)`. */
export async function startContainer(image: string, run: RunOptions): Promise<Container> {
  const name = uniqueName("container");
  const logs = async (): Promise<string> => {
    const { stdout, stderr } = await docker(["logs", name]);
    return stdout + stderr;
  };
  const exec: Container["exec"] = (...words) => docker(["exec", name, ...words]);
  const waitForExec: Container["waitForExec"] = async (...words) => {
    const until = Date.now() + HANG_MS;
    while ((await exec(...words)).exitCode !== 0) {
      const isRunning = (await dockerOutput(["inspect", "--format", "{{.State.Running}}", name])) === "true";
      if (!isRunning || Date.now() > until) throw new Error(`${name} never ran: ${words.join(" ")}\n${await logs()}`);
      await delay(100);
    }
  };
  const container: Container = {
    name,
    exec,
    logs,
    wait: async () => Number(await dockerOutput(["wait", name])),
    waitForExec,
    [Symbol.asyncDispose]: async () => {
      await dockerOutput(["rm", "--force", "--volumes", name]);
    },
  };
  const { exitCode, stderr } = await docker(["run", "--detach", "--name", name, ...argumentsOf(image, run)]);
  if (exitCode !== 0) {
    await docker(["rm", "--force", "--volumes", name]);
    throw new Error(`docker run ${image} ended with ${exitCode}:\n${stderr}`);
  }
  return container;
}

/** A named volume that is removed when the block ends. */
export async function createVolume(): Promise<{ readonly name: string } & AsyncDisposable> {
  const name = uniqueName("volume");
  await dockerOutput(["volume", "create", name]);
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await dockerOutput(["volume", "rm", "--force", name]);
    },
  };
}
