import { rmSync } from "node:fs";
import { chmod, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findLeakedProcesses, processesOfRunner } from "./find-leaks.ts";

/** What ends by itself after the last test (a child told to stop) is no leak. */
const SETTLE_MS = 30_000;

/**
 * Global setup of the tiers that start processes. The run gets a temporary directory of its own (TMPDIR); when it has
 * ended nothing may be left in it and no process may be tied to it. What is left fails the run, and is then removed.
 */
export async function setup(): Promise<() => Promise<void>> {
  const outer = process.env["TMPDIR"];
  const directory = await realpath(await mkdtemp(join(tmpdir(), "bh-run-")));
  // As /tmp is: units run as another account and make files of their own.
  await chmod(directory, 0o1777);
  process.env["TMPDIR"] = directory;
  // A runner that is interrupted does not come to its teardown.
  const removeAll = (): void => {
    for (const { pid } of findLeakedProcesses(directory, processesOfRunner())) endProcess(pid);
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  process.once("exit", removeAll);
  return async () => {
    process.off("exit", removeAll);
    if (outer === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = outer;
    await assertNothingLeft(directory);
  };
}

async function assertNothingLeft(directory: string): Promise<void> {
  const until = Date.now() + SETTLE_MS;
  let processes = findLeakedProcesses(directory, processesOfRunner());
  while (processes.length > 0 && Date.now() < until) {
    await delay(100);
    processes = findLeakedProcesses(directory, processesOfRunner());
  }
  const entries = await readdir(directory);
  for (const { pid } of processes) endProcess(pid);
  await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  if (processes.length === 0 && entries.length === 0) return;
  const lines = [
    ...processes.map(({ pid, command, ports, tie }) => {
      const listening = ports.length === 0 ? "" : `, listens on ${ports.join(", ")}`;
      return `process ${pid} (${tie}${listening}): ${command}`;
    }),
    ...entries.map((name) => `left in the temporary directory: ${name}`),
  ];
  // Vitest prints an error of a global teardown but does not fail for it.
  process.exitCode = 1;
  throw new Error(`The tests left something behind:\n  ${lines.join("\n  ")}`);
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended in the meantime.
  }
}
