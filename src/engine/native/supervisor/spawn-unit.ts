import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, rmSync } from "node:fs";
import type { UnitSpec } from "../unit.ts";
import { openUnitLog } from "./unit-log.ts";

/** The wrapper's `$0`: how a unit is recognised among the processes. */
export const wrapperName = "bulkhead-unit";

export interface SpawnedUnit {
  /** Undefined when nothing could be started. */
  readonly pid: number | undefined;
  /** 0-255 as a shell tells it. `reason` is set when nothing could be started. */
  readonly ended: Promise<{ readonly exitCode: number; readonly reason?: string }>;
}

/** The environment a unit's processes get: the specification's and what lets us find them again. */
export function unitEnvironment(spec: UnitSpec, marker: string): Record<string, string> {
  const separator = marker.indexOf("=");
  return {
    ...spec.env,
    // setproctitle would overwrite the environment, and with it the marker.
    SPT_NOENV: "1",
    [marker.slice(0, separator)]: marker.slice(separator + 1),
  };
}

/**
 * Starts a unit as leader of its own session and group, under the wrapper whose text is `wrapper`. The text goes in by
 * `-c`: an unprivileged owner may have no way to our files, and a running unit does not depend on them.
 */
export function spawnUnit(spec: UnitSpec, wrapper: string, marker: string, exitFile: string): SpawnedUnit {
  const opened: number[] = [];
  try {
    for (const path of spec.removeBeforeStart) rmSync(path, { force: true });
    const log = openUnitLog(spec);
    opened.push(log);
    const exit = openSync(exitFile, "w", 0o600);
    opened.push(exit);
    const child = spawn(shellFor(spec.env), ["-c", wrapper, wrapperName, ...spec.argv], {
      cwd: spec.cwd,
      env: unitEnvironment(spec, marker),
      detached: true,
      stdio: ["ignore", log, log, exit],
      ...(spec.owner !== undefined && process.getuid?.() === 0 ? spec.owner : {}),
    });
    const ended = new Promise<{ exitCode: number; reason?: string }>((resolve) => {
      child.once("exit", (code, signal) => resolve({ exitCode: code ?? 128 + signalNumber(signal) }));
      child.once("error", (error: NodeJS.ErrnoException) => resolve(notStarted(spec, error)));
    });
    child.unref();
    return { pid: child.pid, ended };
  } catch (error) {
    return { pid: undefined, ended: Promise.resolve(notStarted(spec, error as NodeJS.ErrnoException)) };
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

function notStarted(spec: UnitSpec, error: NodeJS.ErrnoException): { exitCode: number; reason: string } {
  // Node blames the program when the directory is what is missing.
  const reason = existsSync(spec.cwd) ? error.message : `working directory ${spec.cwd} does not exist`;
  return { exitCode: 126, reason: `${spec.service} could not be started: ${reason}` };
}

/** dash drops variables whose names it could not spell itself, such as `discovery.type`; bash passes them on. */
function shellFor(env: Readonly<Record<string, string>>): string {
  const isPlain = Object.keys(env).every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return !isPlain && existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh";
}

function signalNumber(name: NodeJS.Signals | null): number {
  return name === null ? 0 : (signalNumbers[name] ?? 0);
}

/** Of the signals that end a process which does not expect them (POSIX numbers, equal on Linux and macOS). */
const signalNumbers: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};
