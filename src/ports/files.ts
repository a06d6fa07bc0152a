export interface FileFacts {
  readonly kind: "file" | "directory" | "symlink" | "other";
  readonly size: number;
  /** Permission bits, e.g. 0o600. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Modification time, milliseconds since the epoch. */
  readonly mtimeMs: number;
}

export interface WriteOptions {
  readonly mode?: number;
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Fail with EEXIST instead of replacing. */
  readonly exclusive?: boolean;
}

/** A file that is read or written piece by piece. */
export interface OpenFile {
  /** Bytes from `position` on: `length` of them, or fewer at the file's end. The next call may reuse the memory. */
  read(position: number, length: number): Promise<Uint8Array>;
  /** Writes at `position`. */
  write(position: number, bytes: Uint8Array): Promise<void>;
  /** Resolves when what was written would outlast a power loss. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Asynchronous access to the file system. Errors are Node's own with `code` (ENOENT, EACCES, ENOSPC, ...). */
export interface Files {
  readText(path: string): Promise<string>;
  /** The text, or undefined when the file is missing. */
  readTextIfPresent(path: string): Promise<string | undefined>;
  /** All bytes, or those from the offset `from` on. */
  readBytes(path: string, from?: number): Promise<Uint8Array>;
  /**
   * The bytes in pieces, from the offset `from` on, until the end or the signal, which makes the iteration throw; `-` is
   * standard input, which can be read once.
   */
  readChunks(
    path: string,
    options: { readonly from?: number; readonly signal: AbortSignal },
  ): Promise<AsyncIterable<Uint8Array>>;
  /** Writes a sibling, fsyncs it and renames it over `path`: a reader sees the old text or the new one. */
  writeText(path: string, text: string, options?: WriteOptions): Promise<void>;
  appendText(path: string, text: string): Promise<void>;
  /** `write`: a new file, mode 0600; fails with EEXIST when there is one. */
  open(path: string, how: "read" | "write"): Promise<OpenFile>;
  /** Makes a directory's entries (a rename, a new file) last over a power loss. */
  syncDirectory(path: string): Promise<void>;
  /** Facts of the entry itself (symlinks not followed), or undefined when missing. */
  stat(path: string): Promise<FileFacts | undefined>;
  exists(path: string): Promise<boolean>;
  realPath(path: string): Promise<string>;
  list(path: string): Promise<readonly string[]>;
  /** Names in a directory, sorted, with what each is itself (symlinks not followed). */
  listEntries(path: string): Promise<readonly { readonly name: string; readonly kind: FileFacts["kind"] }[]>;
  makeDirectory(path: string, options?: { mode?: number; owner?: { uid: number; gid: number } }): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  /** Copies a tree, symlinks kept as they are. */
  copy(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or tree; missing is fine. */
  remove(path: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  chown(path: string, owner: { uid: number; gid: number }): Promise<void>;
  /** Runs `work` while holding an exclusive lock file that a dead holder (pid + start time) does not keep. */
  withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T>;
}

export interface LockOptions {
  /** Give up after this many milliseconds; 0 means at once. Giving up throws ToolError PROJECT_BUSY. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Called once when somebody else holds the lock. */
  readonly onWait?: (holder: { pid: number; command: string }) => void;
}
