import { setTimeout as sleep } from "node:timers/promises";
import type { UnitSpec } from "../unit.ts";
import { isLeaseAlive, type Lease } from "./lease.ts";
import { listProcesses, readProcess, type ProcessRow } from "./process-table.ts";
import { findMembers, rootsOf } from "./unit-members.ts";

/** How often an ending unit is looked at; only while one ends. */
const lookEveryMs = 50;
/** What is left when the application itself has ended gets at least this long to follow. */
const leastLeftoverGraceMs = 2000;
/** KILL works at once unless a process hangs in the kernel; then we stop waiting. */
const killLimitMs = 5000;

export interface EndableUnit extends Pick<UnitSpec, "stopSignal" | "stopTarget"> {
  /** Milliseconds from the stop signal to KILL; asked again and again, because a second stop may be in more of a hurry. */
  readonly graceMs: () => number;
}

/**
 * Ends a unit and everything that came from it: stop signal to its group (or its first process), grace, the same for
 * what left the group, then KILL. The wrapper is spared until the end so that it can write down the exit status.
 * Resolves when nothing is left, or with the pids that even KILL could not end.
 */
export async function endUnit(unit: EndableUnit, lease: Lease, marker: string): Promise<readonly number[]> {
  const began = performance.now();
  if (isLeaseAlive(lease)) {
    signalUnit(unit, lease);
    while (isLeaseAlive(lease) && performance.now() < began + unit.graceMs()) await sleep(lookEveryMs);
  }
  if (isLeaseAlive(lease)) return killAll(lease, marker);
  const taken = performance.now() - began;
  const graceMs = (): number => Math.max(unit.graceMs() - taken, leastLeftoverGraceMs);
  return clearUnit({ ...unit, graceMs }, lease.pid, marker);
}

/**
 * Ends what a dead unit left behind. `leader`: pid of its wrapper if we saw it alive until now, so that its session's
 * number cannot belong to anybody else.
 */
export async function clearUnit(
  unit: EndableUnit,
  leader: number | undefined,
  marker: string,
): Promise<readonly number[]> {
  const began = performance.now();
  const told = new Set<string>();
  for (let look = lookEveryMs; ; look = Math.min(look * 2, 500)) {
    const members = findMembers(leader, marker);
    if (members.length === 0) return [];
    if (performance.now() >= began + unit.graceMs()) break;
    for (const row of unit.stopTarget === "process" ? rootsOf(members) : members) {
      const name = `${row.pid} ${row.startTime}`;
      if (told.has(name)) continue;
      told.add(name);
      signalProcess(row, unit.stopSignal);
    }
    await sleep(look);
  }
  return killAll(undefined, marker, leader);
}

function signalUnit(unit: EndableUnit, lease: Lease): void {
  // The leader was just seen alive, so the group's number is ours.
  if (unit.stopTarget !== "process") signal(-lease.pid, unit.stopSignal);
  for (const row of listProcesses()) {
    const isMissed = unit.stopTarget === "process" || row.group !== lease.pid;
    if (row.parent === lease.pid && isMissed) signalProcess(row, unit.stopSignal);
  }
}

/** KILLs all members but the wrapper, which then ends by itself, then the wrapper. Resolves with who is left. */
async function killAll(lease: Lease | undefined, marker: string, leader = lease?.pid): Promise<readonly number[]> {
  const limit = performance.now() + killLimitMs;
  const wrapperLimit = performance.now() + leastLeftoverGraceMs;
  for (;;) {
    const members = findMembers(leader, marker);
    if (members.length === 0) return [];
    if (performance.now() >= limit) return members.map((row) => row.pid);
    const spare = lease !== undefined && performance.now() < wrapperLimit ? lease.pid : undefined;
    for (const row of members) if (row.pid !== spare) signalProcess(row, "SIGKILL");
    await sleep(lookEveryMs);
  }
}

/** Signals a process only if it still is the one we listed. */
function signalProcess(row: ProcessRow, name: string): void {
  if (readProcess(row.pid)?.startTime === row.startTime) signal(row.pid, name);
}

function signal(pid: number, name: string): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Gone meanwhile, or (EPERM) a set-uid program of the user's; the final look tells.
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
