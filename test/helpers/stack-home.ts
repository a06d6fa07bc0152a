import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram, type ProgramResult } from "./run-program.ts";
import { createTemporaryDirectory } from "./temporary-directory.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export type CommandResult = ProgramResult;

/** A data directory of its own for whole-stack tests, and the built command run in it. */
export interface StackHome extends AsyncDisposable {
  /** Absolute; projects are made below it. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Copies a tracked example, into a directory of another name for a second project of it, and gives its place. */
  copyExample(name: string, directory?: string): Promise<string>;
  /** Runs `bulkhead ARGS` in `cwd` to its end. */
  run(cwd: string, ...args: readonly string[]): Promise<CommandResult>;
  /** Registers a project directory that is brought down when the test ends. */
  onEndBringDown(cwd: string): void;
}

/**
 * `await using home = await createStackHome()`. The cache is shared by all tests of a run (BULKHEAD_CACHE_DIR, set by
 * `.ci/run`, else the user's own), because environments are immutable; state is not. `data` names the data directory.
 */
export async function createStackHome(data = "data"): Promise<StackHome> {
  const temporary = await createTemporaryDirectory();
  const env = {
    ...(process.env as Record<string, string>),
    BULKHEAD_HOME: join(temporary.path, data),
    NO_COLOR: "1",
  };
  const projects: string[] = [];
  const run: StackHome["run"] = (cwd, ...args) =>
    runProgram(process.execPath, [join(root, "bin/bulkhead.js"), ...args], { cwd, env });
  return {
    directory: temporary.path,
    env,
    run,
    copyExample: async (name, directory = name) => {
      const target = join(temporary.path, directory);
      await mkdir(temporary.path, { recursive: true });
      await cp(join(root, "examples", name), target, { recursive: true });
      return target;
    },
    onEndBringDown: (cwd) => projects.push(cwd),
    [Symbol.asyncDispose]: async () => {
      for (const project of projects) await run(project, "down", "-v", "--no-backup");
      await temporary.remove();
    },
  };
}
