import type { RunRequest, RunResult } from "../ports/processes.ts";
import type { AlembicChain } from "../supply/supply.ts";

/** A service that runs, as work inside it meets it, whichever engine runs it. Paths are as its own environment names them. */
export interface ServiceAccess {
  readonly service: string;
  /** Of its process, what its image defines included. Holds secrets. */
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Its command line. */
  readonly argv: readonly string[];
  /** Runs a program with the service's environment, account and directory. `env` is added; values never reach argv. */
  run(request: Pick<RunRequest, "argv" | "env" | "input" | "timeoutMs" | "signal">): Promise<RunResult>;
  /** Alembic histories of its installed packages; none where it is no Python application. */
  histories(): Promise<readonly AlembicChain[]>;
  /** The first of these Python distributions that it has, as its version; undefined: none, or it has no Python. */
  versionOf(distributions: readonly string[]): Promise<string | undefined>;
  /** What is mounted over a path; undefined: nothing. Two services share a place when both values are equal. */
  mountOf(path: string): { readonly source: string; readonly target: string } | undefined;
  /** Marks the end of its log now; gives what reads all that was written since. */
  markLog(): Promise<() => Promise<string>>;
  readonly files: ServiceFiles;
}

/** Files that a service sees. A missing folder is empty, and removing what is missing is fine. */
export interface ServiceFiles {
  /** The path with its links resolved; itself where it is missing. */
  realPath(path: string): Promise<string>;
  /** A name for a real path that is the same for each service that sees the same place there. */
  identify(path: string): string;
  readTextIfPresent(path: string): Promise<string | undefined>;
  /** Writes a text that all can read, its folder made where it is missing. Gives why that cannot be, if so. */
  write(path: string, text: string): Promise<"EACCES" | "EPERM" | "EROFS" | undefined>;
  /** Entries of the folders whose name matches, and of folders in these up to `depth` below; not what lies in a match. */
  find(folders: readonly string[], name: RegExp, depth: number): Promise<readonly string[]>;
  /** Removes files and trees. */
  remove(paths: readonly string[]): Promise<void>;
  /** Removes the folders in which nothing is left. */
  removeEmpty(folders: readonly string[]): Promise<void>;
}
