import { appendFileSync, fchmodSync, fchownSync, mkdirSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { UnitSpec } from "../unit.ts";

const rotateAboveBytes = 10 * 1024 * 1024;
const keptFiles = 3;

/**
 * Opens a unit's log for appending, rotating it first when it is large: NAME.log -> .1 -> .2 -> .3. Only called when
 * the unit starts, so a running unit's file is never moved or cut. Gives the descriptor for the child.
 */
export function openUnitLog(spec: Pick<UnitSpec, "logFile" | "owner">): number {
  mkdirSync(dirname(spec.logFile), { recursive: true, mode: 0o700 });
  if (sizeOf(spec.logFile) > rotateAboveBytes) rotate(spec.logFile);
  const descriptor = openSync(spec.logFile, "a", 0o600);
  fchmodSync(descriptor, 0o600);
  // An application told to log to /dev/stdout opens the file anew, with its own rights.
  if (spec.owner !== undefined) fchownSync(descriptor, spec.owner.uid, spec.owner.gid);
  return descriptor;
}

/**
 * Notes a start or end beside the log, one line `ISO-TIME start|exit CODE|- BYTES`: how long the log was at that
 * moment, so that `logs --since` can skip what earlier runs wrote. Failing to note it is no reason not to run.
 */
export function noteInLog(logFile: string, at: number, event: "start" | "exit", exitCode?: number): void {
  const line = `${new Date(at).toISOString()} ${event} ${exitCode ?? "-"} ${sizeOf(logFile)}\n`;
  try {
    appendFileSync(timesFile(logFile), line, { mode: 0o600 });
  } catch {
    return;
  }
}

/** One line of ours in the unit's own log, for what the application could not say itself. */
export function writeToLog(logFile: string, text: string): void {
  try {
    appendFileSync(logFile, `bulkhead: ${text}\n`);
  } catch {
    return;
  }
}

/** `logs/SERVICE.times` beside `logs/SERVICE.log`. */
export function timesFile(logFile: string): string {
  return logFile.replace(/\.log$/, "").concat(".times");
}

function rotate(logFile: string): void {
  rmSync(`${logFile}.${keptFiles}`, { force: true });
  for (let number = keptFiles - 1; number >= 0; number -= 1) {
    const from = number === 0 ? logFile : `${logFile}.${number}`;
    if (sizeOf(from) >= 0) renameSync(from, `${logFile}.${number + 1}`);
  }
  rmSync(timesFile(logFile), { force: true });
}

/** -1 when there is no such file. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}
