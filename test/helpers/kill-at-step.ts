import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { repositoryPath } from "./source-files.ts";
import type { StackHome } from "./stack-home.ts";

/**
 * Runs `bulkhead ARGS` in `cwd` and kills the process with SIGKILL when it tells that a step began or ended.
 *
 * @param step.title a part of the step's title
 * @param step.outcome `running` when it begins, `ok` when it has ended
 * @param step.onReached called before the process is killed
 * @returns true when it was killed there; false when it ended before
 */
export async function killAtStep(
  { env }: Pick<StackHome, "env">,
  cwd: string,
  step: { readonly title: string; readonly outcome: "running" | "ok"; readonly onReached?: () => void },
  ...args: readonly string[]
): Promise<boolean> {
  const child = spawn(process.execPath, [repositoryPath("bin/bulkhead.js"), ...args, "--json-events"], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  createInterface(child.stdout).on("line", (line) => {
    const { id, outcome } = JSON.parse(line) as { id?: string; outcome?: string };
    if (outcome !== step.outcome || id?.includes(step.title) !== true) return;
    step.onReached?.();
    child.kill("SIGKILL");
  });
  const [, signalName] = await ended;
  return signalName === "SIGKILL";
}
