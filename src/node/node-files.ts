import { createReadStream } from "node:fs";
import { randomBytes } from "node:crypto";
import {
  access,
  appendFile,
  chmod,
  chown,
  constants,
  cp,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { addAbortSignal } from "node:stream";
import type { FileFacts, Files, OpenFile, WriteOptions } from "../ports/files.ts";
import { errorCode } from "./error-code.ts";
import { withFileLock } from "./file-lock.ts";

const CHUNK_BYTES = 1024 * 1024;

/** The file system of this machine. */
export const nodeFiles: Files = {
  readText: (path) => readFile(path, "utf8"),
  readTextIfPresent: (path) => orUndefined(readFile(path, "utf8")),
  async readBytes(path, from = 0) {
    if (from === 0) return new Uint8Array(await readFile(path));
    const chunks: Uint8Array[] = [];
    for await (const chunk of createReadStream(path, { start: from })) chunks.push(chunk as Uint8Array);
    return new Uint8Array(Buffer.concat(chunks));
  },
  async readChunks(path, { from = 0, signal }) {
    if (path === "-") return addAbortSignal(signal, process.stdin);
    const handle = await open(path);
    return handle.createReadStream({ start: from, highWaterMark: CHUNK_BYTES, signal });
  },
  writeText,
  async appendText(path, text) {
    await appendFile(path, text, { flush: true });
  },
  open: openFile,
  syncDirectory,
  stat: async (path) => {
    const facts = await orUndefined(lstat(path));
    return facts === undefined
      ? undefined
      : {
          kind: kindOf(facts),
          size: facts.size,
          mode: facts.mode & 0o7777,
          uid: facts.uid,
          gid: facts.gid,
          mtimeMs: facts.mtimeMs,
        };
  },
  exists: async (path) => (await orUndefined(access(path).then(() => true))) === true,
  realPath: (path) => realpath(path),
  list: async (path) => (await readdir(path)).toSorted(),
  listEntries: async (path) =>
    (await readdir(path, { withFileTypes: true }))
      .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1)),
  async makeDirectory(path, options = {}) {
    await mkdir(path, { recursive: true });
    // Not by mkdir's own mode: the umask would take from it, and an existing directory would keep another one.
    if (options.mode !== undefined) await chmod(path, options.mode);
    if (options.owner !== undefined) await chown(path, options.owner.uid, options.owner.gid);
  },
  symlink: (target, path) => symlink(target, path),
  copy: (from, to) =>
    cp(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      mode: constants.COPYFILE_FICLONE,
    }),
  rename: (from, to) => rename(from, to),
  remove: (path) => rm(path, { recursive: true, force: true }),
  chmod: (path, mode) => chmod(path, mode),
  chown: (path, owner) => chown(path, owner.uid, owner.gid),
  withLock: withFileLock,
};

async function openFile(path: string, how: "read" | "write"): Promise<OpenFile> {
  const handle = await open(path, how === "read" ? "r" : "wx", 0o600);
  let memory = Buffer.alloc(0);
  return {
    async read(position, length) {
      if (memory.length < length) memory = Buffer.alloc(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(memory, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return memory.subarray(0, filled);
    },
    async write(position, bytes) {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
        written += bytesWritten;
      }
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

async function writeText(path: string, text: string, options: WriteOptions = {}): Promise<void> {
  const previous = await orUndefined(lstat(path));
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  const handle = await open(temporary, "wx", options.mode ?? 0o666);
  try {
    try {
      const mode = options.mode ?? (previous?.isFile() === true ? previous.mode & 0o7777 : undefined);
      const owner = options.owner ?? (previous?.isFile() === true ? previous : undefined);
      if (owner !== undefined) await giveTo(handle, owner, options.owner !== undefined);
      // After chown, which clears set-id bits; and by chmod, because the umask takes from the mode open was given.
      if (mode !== undefined) await handle.chmod(mode);
      await handle.writeFile(text, "utf8");
      await handle.sync();
    } finally {
      await handle.close();
    }
    // link fails when the name is taken, rename replaces.
    if (options.exclusive === true) await link(temporary, path);
    else await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
}

async function giveTo(
  handle: Awaited<ReturnType<typeof open>>,
  owner: { readonly uid: number; readonly gid: number },
  required: boolean,
): Promise<void> {
  const facts = await handle.stat();
  if (facts.uid === owner.uid && facts.gid === owner.gid) return;
  try {
    await handle.chown(owner.uid, owner.gid);
  } catch (error) {
    // A file of somebody else that we may replace but not give away becomes ours.
    if (required || errorCode(error) !== "EPERM") throw error;
  }
}

/** Makes a rename last over a power loss. Some file systems (network mounts) cannot, and that is no failure. */
async function syncDirectory(path: string): Promise<void> {
  try {
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = errorCode(error);
    if (code !== "EINVAL" && code !== "ENOTSUP" && code !== "EACCES" && code !== "EPERM") throw error;
  }
}

function kindOf(facts: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): FileFacts["kind"] {
  if (facts.isFile()) return "file";
  if (facts.isDirectory()) return "directory";
  return facts.isSymbolicLink() ? "symlink" : "other";
}

async function orUndefined<T>(pending: Promise<T>): Promise<T | undefined> {
  try {
    return await pending;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
