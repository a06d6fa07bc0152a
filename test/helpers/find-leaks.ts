import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** A process that belongs to a test run and still runs after it. */
export interface LeakedProcess {
  readonly pid: number;
  /** Its command line; shortened. */
  readonly command: string;
  /** TCP ports it listens on. */
  readonly ports: readonly number[];
  /** What ties it to the run: `environment`, `command line`, `working directory` or `open file`. */
  readonly tie: string;
}

/**
 * Processes tied to a run's own temporary directory: named in their environment or command line, or holding their
 * working directory or an open file there. `except` are those of the test runner itself. Synchronous, so that a runner
 * that is ending can still ask.
 */
export function findLeakedProcesses(directory: string, except: ReadonlySet<number>): LeakedProcess[] {
  if (process.platform !== "linux") return findByCommandLine(directory, except);
  const leaked: LeakedProcess[] = [];
  for (const name of entriesOf("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || except.has(pid)) continue;
    const tie = tieOf(pid, directory);
    if (tie === undefined) continue;
    leaked.push({ pid, command: commandOf(pid), ports: listeningPorts(pid), tie });
  }
  return leaked;
}

/** The test runner, its ancestors and those of its children that run its own code. */
export function processesOfRunner(): Set<number> {
  const pids = new Set([process.pid, process.ppid]);
  if (process.platform !== "linux") return pids;
  for (const name of entriesOf("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readText(`/proc/${pid}/stat`, "utf8");
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    if (parent === process.pid && /node_modules\/(vitest|@?esbuild)/.test(commandOf(pid))) pids.add(pid);
  }
  return pids;
}

function tieOf(pid: number, directory: string): string | undefined {
  const stat = readText(`/proc/${pid}/stat`, "utf8");
  if (stat === "" || /\) [ZX] /.test(stat)) return undefined;
  const isInside = (path: string): boolean => path === directory || path.startsWith(`${directory}/`);
  if (isInside(linkOf(`/proc/${pid}/cwd`))) return "working directory";
  if (readText(`/proc/${pid}/cmdline`, "latin1").includes(directory)) return "command line";
  if (readText(`/proc/${pid}/environ`, "latin1").includes(directory)) return "environment";
  for (const descriptor of entriesOf(`/proc/${pid}/fd`)) {
    if (isInside(linkOf(join(`/proc/${pid}/fd`, descriptor)))) return "open file";
  }
  return undefined;
}

function commandOf(pid: number): string {
  const text = readText(`/proc/${pid}/cmdline`, "utf8");
  return text.replaceAll("\0", " ").trim().slice(0, 200);
}

function listeningPorts(pid: number): number[] {
  const inodes = new Set<string>();
  for (const descriptor of entriesOf(`/proc/${pid}/fd`)) {
    const target = linkOf(`/proc/${pid}/fd/${descriptor}`);
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const ports = new Set<number>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const text = readText(table, "utf8");
    for (const line of text.split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[3] === "0A" && inodes.has(fields[9] ?? ""))
        ports.add(Number.parseInt(fields[1]?.split(":")[1] ?? "", 16));
    }
  }
  return [...ports].toSorted((a, b) => a - b);
}

function findByCommandLine(directory: string, except: ReadonlySet<number>): LeakedProcess[] {
  const leaked: LeakedProcess[] = [];
  for (const line of execFileSync("ps", ["-axo", "pid=,command="], { encoding: "utf8" }).split("\n")) {
    const [, pid, command = ""] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    if (pid === undefined || except.has(Number(pid)) || !command.includes(directory)) continue;
    leaked.push({ pid: Number(pid), command: command.slice(0, 200), ports: [], tie: "command line" });
  }
  return leaked;
}

// What ends while we look is as good as empty.
function readText(path: string, encoding: "utf8" | "latin1"): string {
  return orElse(() => readFileSync(path, encoding), "");
}

function entriesOf(path: string): string[] {
  return orElse(() => readdirSync(path), []);
}

function linkOf(path: string): string {
  return orElse(() => readlinkSync(path), "");
}

function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
