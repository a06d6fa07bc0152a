import { readdir } from "node:fs/promises";
import { errorCode } from "./error-code.ts";
import { readProcessStat } from "./process-start-time.ts";

/**
 * Sends a signal to every process of a group. False when the group is empty, or nothing in it may be signalled by us
 * (EPERM; macOS also says so for a group in which all have ended).
 */
export function signalGroup(group: number, signalName: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signalName);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ESRCH" || code === "EPERM") return false;
    throw error;
  }
}

/** True while a process of the group still runs; those that only wait to be reaped do not count. */
export async function isGroupAlive(group: number): Promise<boolean> {
  try {
    process.kill(-group, 0);
  } catch (error) {
    // EPERM: macOS for a group of zombies; on Linux it exists and is not ours.
    if (errorCode(error) === "ESRCH") return false;
    if (process.platform !== "linux") return false;
  }
  if (process.platform !== "linux") return true;
  // Where nobody reaps orphans (a container without an init) zombies keep the group's number in use for ever.
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    if ((await readProcessStat(Number(name)))?.group === group) return true;
  }
  return false;
}

/** Ends a whole group: TERM, and KILL for what is left after `graceMs`. Returns when nothing of it runs any more. */
export async function endGroup(group: number, graceMs: number): Promise<void> {
  if (!signalGroup(group, "SIGTERM")) return;
  if (await waitForGroupEnd(group, graceMs)) return;
  if (!signalGroup(group, "SIGKILL")) return;
  await waitForGroupEnd(group, 5000);
}

async function waitForGroupEnd(group: number, limitMs: number): Promise<boolean> {
  const until = Date.now() + limitMs;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    if (!(await isGroupAlive(group))) return true;
    if (Date.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
