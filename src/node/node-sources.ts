import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import type { SourceRead, Sources } from "../ports/sources.ts";
import { errorCode } from "./error-code.ts";

/** Project files are text written by people; anything larger is a mistake (a dump named as env_file). */
const MAXIMUM_BYTES = 16 * 1024 * 1024;

const MISSING = new Set(["ENOENT", "ENOTDIR"]);

/** Project files on disk. Links are followed; what they lead to must be a regular file. */
export const nodeSources: Sources = {
  read(path) {
    try {
      if (path === "-") return readAll(path, 0);
      // Asked before opening as well: opening a device can have effects of its own.
      const facts = statSync(path, { throwIfNoEntry: false });
      if (facts === undefined) return { kind: "missing", path };
      if (!facts.isFile()) return { kind: "refused", path, reason: "not a regular file" };
      return readRegularFile(path);
    } catch (error) {
      const code = errorCode(error);
      if (code !== undefined && MISSING.has(code)) return { kind: "missing", path };
      return { kind: "refused", path, reason: renderReason(code, error) };
    }
  },
  kindOf(path) {
    try {
      const facts = statSync(path, { throwIfNoEntry: false });
      if (facts === undefined) return "missing";
      if (facts.isFile()) return "file";
      return facts.isDirectory() ? "directory" : "other";
    } catch (error) {
      const code = errorCode(error);
      // No right to look, a circle of links: something is there.
      return code !== undefined && MISSING.has(code) ? "missing" : "other";
    }
  },
  list(path) {
    try {
      return readdirSync(path).toSorted();
    } catch (error) {
      const code = errorCode(error);
      if (code !== undefined && MISSING.has(code)) return [];
      throw error;
    }
  },
};

function readRegularFile(path: string): SourceRead {
  // O_NONBLOCK: a pipe put there since the first look must not hang us.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isFile()) return { kind: "refused", path, reason: "not a regular file" };
    return readAll(path, descriptor, facts.size);
  } finally {
    closeSync(descriptor);
  }
}

/** @param size of a regular file in bytes; those of /proc have none, and are read to their end all the same */
function readAll(path: string, descriptor: number, size = 0): SourceRead {
  let bytes = new Uint8Array(size === 0 ? 64 * 1024 : Math.min(size, MAXIMUM_BYTES) + 1);
  let length = 0;
  for (;;) {
    const count = readChunk(descriptor, bytes.subarray(length));
    // A regular file that has not grown meanwhile ends here, and need not be asked again.
    const isWhole = count === 0 || (length === 0 && count === size);
    if (isWhole) return { kind: "file", path, bytes: bytes.slice(0, length + count) };
    length += count;
    if (length > MAXIMUM_BYTES) {
      return { kind: "refused", path, reason: `larger than ${MAXIMUM_BYTES / 1024 / 1024} MiB` };
    }
    if (length < bytes.length) continue;
    const larger = new Uint8Array(bytes.length * 2);
    larger.set(bytes);
    bytes = larger;
  }
}

/** Waits where whoever gave us standard input made it one that never waits. */
function readChunk(descriptor: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk, 0, chunk.length, null);
    } catch (error) {
      if (errorCode(error) !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function renderReason(code: string | undefined, error: unknown): string {
  if (code === "EACCES" || code === "EPERM") return "no right to read it";
  if (code === "ELOOP") return "links lead in a circle";
  return error instanceof Error ? error.message : String(error);
}
