import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** One living process; zombies are not listed: nothing of them runs any more. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** 0 where the platform does not tell (macOS). */
  readonly session: number;
  /** Start time in the platform's own form: with the pid it names a process once and for all (until a reboot). */
  readonly startTime: string;
}

const isLinux = process.platform === "linux";

/** All living processes. */
export function listProcesses(): readonly ProcessRow[] {
  return isLinux ? listProcFiles() : listByPs();
}

/** One living process, or undefined. */
export function readProcess(pid: number): ProcessRow | undefined {
  if (isLinux) return readProcFile(pid);
  if (!isSignalable(pid)) return undefined;
  return psRows(["-p", String(pid)])[0];
}

/** Pids whose environment holds `NAME=VALUE`; processes of others that we may not look into are left out. */
export function findMarked(marker: string, among: readonly ProcessRow[]): ReadonlySet<number> {
  if (!isLinux) return findMarkedByPs(marker);
  const found = new Set<number>();
  for (const { pid } of among) if (hasMarker(pid, marker)) found.add(pid);
  return found;
}

/** True when the process was started with `NAME=VALUE`; undefined when its environment cannot be read. */
export function hasMarker(pid: number, marker: string): boolean | undefined {
  // macOS hides the environment of its own programs, /bin/sh among them: not seen proves nothing there.
  if (!isLinux) return findMarkedByPs(marker).has(pid) || undefined;
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(marker);
  } catch {
    return undefined;
  }
}

/** The first argument words of a process, or undefined. */
export function readArguments(pid: number): readonly string[] | undefined {
  try {
    if (isLinux) return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return execFileSync("/bin/ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" }).split(" ");
  } catch {
    return undefined;
  }
}

/** Changes with every boot, empty where unknown: a pid and start time of another boot prove nothing. */
export function readBootId(): string {
  bootId ??= askBootId();
  return bootId;
}

let bootId: string | undefined;

function askBootId(): string {
  try {
    if (isLinux) return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // "{ sec = 1700000000, usec = 0 } Tue Nov 14 ...": the microseconds follow clock corrections.
    const text = execFileSync("/usr/sbin/sysctl", ["-n", "kern.boottime"], { encoding: "utf8" });
    return /sec = (\d+)/.exec(text)?.[1] ?? "";
  } catch {
    return "";
  }
}

function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function listProcFiles(): readonly ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const row = readProcFile(pid);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** proc(5): state, ppid, pgrp, session are fields 3-6, starttime is 22; the name in field 2 may hold anything. */
function readProcFile(pid: number): ProcessRow | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group, session] = fields;
  const startTime = fields[19];
  if (state === "Z" || state === "X" || startTime === undefined) return undefined;
  return { pid, parent: Number(parent), group: Number(group), session: Number(session), startTime };
}

function listByPs(): readonly ProcessRow[] {
  return psRows(["-ax"]);
}

function psRows(selection: readonly string[]): ProcessRow[] {
  let text: string;
  try {
    text = execFileSync("/bin/ps", [...selection, "-o", "pid=,ppid=,pgid=,stat=,lstart="], {
      encoding: "utf8",
      env: { LC_ALL: "C" },
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch {
    return [];
  }
  const rows: ProcessRow[] = [];
  for (const line of text.split("\n")) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (match === null || match[4]?.startsWith("Z") === true) continue;
    rows.push({
      pid: Number(match[1]),
      parent: Number(match[2]),
      group: Number(match[3]),
      session: 0,
      startTime: match[5] ?? "",
    });
  }
  return rows;
}

function findMarkedByPs(marker: string): ReadonlySet<number> {
  const found = new Set<number>();
  let text: string;
  try {
    text = execFileSync("/bin/ps", ["-axEww", "-o", "pid=,command="], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch {
    return found;
  }
  for (const line of text.split("\n")) {
    if (` ${line} `.includes(` ${marker} `)) found.add(Number.parseInt(line, 10));
  }
  return found;
}
