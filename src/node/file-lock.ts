import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { ToolError } from "../core/tool-error.ts";
import type { LockOptions } from "../ports/files.ts";
import { errorCode } from "./error-code.ts";
import { nodeClock } from "./node-clock.ts";
import { processStartTime } from "./process-start-time.ts";

/** What stands in a lock file. `nonce` names this one holding of the lock. */
interface Holder {
  readonly nonce: string;
  readonly pid: number;
  readonly startTime: string;
  /** Program and verb only: further words of a command line may hold secrets. */
  readonly command: string;
}

/**
 * Runs `work` while this process holds the lock file `path` (its directory is made when missing).
 *
 * The file appears complete (written aside, then linked), so a text that cannot be read belongs to nobody. The lock of
 * a holder that is gone (no process of its pid and start time) is broken.
 *
 * @throws ToolError PROJECT_BUSY when `waitMs` have passed; the signal's reason when aborted while waiting.
 */
export async function withFileLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const own = await describeSelf();
  const until = nodeClock.now() + options.waitMs;
  let told = false;
  for (let pauseMs = 10; !(await take(path, own));) {
    options.signal.throwIfAborted();
    const holder = await readHolder(path);
    if (holder === "missing") continue;
    if (holder === "unreadable" || !(await isAlive(holder))) {
      await breakLock(path, holder, own);
      continue;
    }
    if (!told) options.onWait?.({ pid: holder.pid, command: holder.command });
    told = true;
    if (nodeClock.now() >= until) throw busy(path, holder);
    await nodeClock.sleep(Math.min(pauseMs, Math.max(1, until - nodeClock.now())), options.signal);
    pauseMs = Math.min(pauseMs * 2, 200);
  }
  try {
    return await work();
  } finally {
    const holder = await readHolder(path);
    // Only our own: somebody may have removed the file by hand and another taken the lock since.
    if (typeof holder === "object" && holder.nonce === own.nonce) await rm(path, { force: true });
  }
}

/**
 * Removes the lock of a dead holder. Several waiters may try at once, and the winner may hold the lock anew before a
 * slow one removes it. So who removes must first hold a second lock, named after that very holding: while it is held
 * nobody else removes that file, and a file with another nonce is left alone.
 */
async function breakLock(path: string, dead: Holder | "unreadable", own: Holder): Promise<void> {
  const guard = `${path}.${dead === "unreadable" ? "unreadable" : dead.nonce}`;
  if (!(await take(guard, own))) {
    const holder = await readHolder(guard);
    if (holder === "unreadable" || (holder !== "missing" && !(await isAlive(holder)))) {
      await breakLock(guard, holder, own);
    } else {
      await nodeClock.sleep(5);
    }
    return;
  }
  try {
    const current = await readHolder(path);
    const isSame =
      current === dead || (typeof current === "object" && typeof dead === "object" && current.nonce === dead.nonce);
    if (isSame) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** Makes the lock file; false when it exists. */
async function take(path: string, own: Holder): Promise<boolean> {
  const aside = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = await open(aside, "wx", 0o600);
    try {
      await handle.writeFile(JSON.stringify(own));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(aside, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | "missing" | "unreadable"> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "missing";
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isHolder(value) ? value : "unreadable";
  } catch {
    return "unreadable";
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== "object" || value === null) return false;
  const holder = value as Partial<Record<keyof Holder, unknown>>;
  return (
    typeof holder.nonce === "string" &&
    /^[0-9a-f]+$/.test(holder.nonce) &&
    typeof holder.pid === "number" &&
    typeof holder.startTime === "string" &&
    typeof holder.command === "string"
  );
}

async function isAlive(holder: Holder): Promise<boolean> {
  return (await processStartTime(holder.pid)) === holder.startTime;
}

async function describeSelf(): Promise<Holder> {
  const [, script, verb] = process.argv;
  return {
    nonce: randomBytes(12).toString("hex"),
    pid: process.pid,
    startTime: (await processStartTime(process.pid)) ?? "",
    command: [basename(script ?? "node"), verb].filter((word) => word !== undefined).join(" "),
  };
}

function busy(path: string, holder: Holder): ToolError {
  return new ToolError(
    "PROJECT_BUSY",
    `Another command is at work here: ${holder.command} (pid ${holder.pid}) holds ${path}.`,
    {
      hint: "Wait until it has ended and try again.",
      detail: { path, pid: holder.pid, command: holder.command },
    },
  );
}
