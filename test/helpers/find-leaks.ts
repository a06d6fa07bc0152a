import { readFile, readdir, readlink } from "node:fs/promises";
import { execFileSync } from "node:child_process";
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
 * working directory or an open file there. `except` are those of the test runner itself.
 */
export async function findLeakedProcesses(directory: string, except: ReadonlySet<number>): Promise<LeakedProcess[]> {
  if (process.platform !== "linux") return findByCommandLine(directory, except);
  const leaked: LeakedProcess[] = [];
  for (const name of await readdir("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || except.has(pid)) continue;
    const tie = await tieOf(pid, directory);
    if (tie === undefined) continue;
    leaked.push({ pid, command: await commandOf(pid), ports: await listeningPorts(pid), tie });
  }
  return leaked;
}

/** The test runner, its ancestors and those of its children that run its own code. */
export async function processesOfRunner(): Promise<Set<number>> {
  const pids = new Set([process.pid, process.ppid]);
  if (process.platform !== "linux") return pids;
  for (const name of await readdir("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    if (parent === process.pid && /node_modules\/(vitest|@?esbuild)/.test(await commandOf(pid))) pids.add(pid);
  }
  return pids;
}

async function tieOf(pid: number, directory: string): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  if (stat === "" || /\) [ZX] /.test(stat)) return undefined;
  const isInside = (path: string): boolean => path === directory || path.startsWith(`${directory}/`);
  if (isInside(await readlink(`/proc/${pid}/cwd`).catch(() => ""))) return "working directory";
  if ((await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")).includes(directory)) return "command line";
  if ((await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "")).includes(directory)) return "environment";
  for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    if (isInside(await readlink(join(`/proc/${pid}/fd`, descriptor)).catch(() => ""))) return "open file";
  }
  return undefined;
}

async function commandOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return text.replaceAll("\0", " ").trim().slice(0, 200);
}

async function listeningPorts(pid: number): Promise<number[]> {
  const inodes = new Set<string>();
  for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const ports = new Set<number>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const text = await readFile(table, "utf8").catch(() => "");
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
