import { readFile } from "node:fs/promises";
import { errorCode } from "./error-code.ts";

/**
 * When a process started, as text that is equal only for one and the same process: on Linux clock ticks since boot
 * (proc(5): /proc/PID/stat, field 22), on macOS what `ps -o lstart=` prints. Undefined when there is no such process or
 * when it has ended and only waits to be reaped.
 */
export async function processStartTime(pid: number): Promise<string | undefined> {
  return process.platform === "linux" ? (await readProcessStat(pid))?.startTime : await askPs(pid);
}

/** The part of /proc/PID/stat that tells a live process and its group. Undefined when missing or a zombie. */
export async function readProcessStat(
  pid: number,
): Promise<{ readonly parent: number; readonly group: number; readonly startTime: string } | undefined> {
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
  // The program's name stands in parentheses and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group] = fields;
  const startTime = fields[19];
  if (state === "Z" || state === "X" || startTime === undefined) return undefined;
  return { parent: Number(parent), group: Number(group), startTime };
}

async function askPs(pid: number): Promise<string | undefined> {
  // Only where it is needed: what reads files needs this file, and starting programs takes much of Node.
  const [{ execFile }, { promisify }] = await Promise.all([import("node:child_process"), import("node:util")]);
  try {
    const options = { env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } };
    const { stdout } = await promisify(execFile)("ps", ["-o", "stat=,lstart=", "-p", String(pid)], options);
    const [state, ...start] = stdout.trim().split(/\s+/);
    return state === undefined || state === "" || state.startsWith("Z") ? undefined : start.join(" ");
  } catch {
    // ps exits 1 when there is no such process.
    return undefined;
  }
}
