import { execFile } from "node:child_process";
import { readFile, readdir, readlink } from "node:fs/promises";
import { promisify } from "node:util";
import type { PortOwner } from "../ports/sockets.ts";

/** TCP_LISTEN in /proc/net/tcp (kernel: include/net/tcp_states.h). */
const LISTEN = "0A";

/**
 * Who listens on a TCP port of any address. Undefined when nobody does or when the platform does not tell (on Linux the
 * open files of another user's processes are visible to root only).
 */
export async function portOwner(port: number): Promise<PortOwner | undefined> {
  return process.platform === "linux" ? await ownerFromProc(port) : await ownerFromLsof(port);
}

async function ownerFromProc(port: number): Promise<PortOwner | undefined> {
  const sockets = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const text = await readFile(table, "utf8").catch(() => "");
    for (const line of text.split("\n").slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === LISTEN && Number.parseInt(local?.split(":")[1] ?? "", 16) === port)
        sockets.add(`socket:[${inode}]`);
    }
  }
  if (sockets.size === 0) return undefined;
  // Workers inherit their parent's listener; the parent has the lower pid, except after the numbers wrapped around.
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids.toSorted((a, b) => a - b)) {
    if (!(await holdsOneOf(pid, sockets))) continue;
    const program = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
    return { pid, program: program.trim() };
  }
  return undefined;
}

async function holdsOneOf(pid: number, sockets: ReadonlySet<string>): Promise<boolean> {
  const directory = `/proc/${pid}/fd`;
  const descriptors = await readdir(directory).catch(() => []);
  for (const descriptor of descriptors) {
    if (sockets.has(await readlink(`${directory}/${descriptor}`).catch(() => ""))) return true;
  }
  return false;
}

async function ownerFromLsof(port: number): Promise<PortOwner | undefined> {
  const argv = ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"];
  const options = { env: { PATH: "/usr/sbin:/usr/bin:/bin", LC_ALL: "C" } };
  const stdout = await promisify(execFile)("lsof", argv, options).then(
    (done) => done.stdout,
    () => "",
  );
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  return pid === undefined ? undefined : { pid: Number(pid), program: /^c(.*)$/m.exec(stdout)?.[1] ?? "" };
}
