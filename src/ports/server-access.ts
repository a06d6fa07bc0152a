import type { SqlSession } from "./sql.ts";

/** A program of PostgreSQL's own clients, of the major that fits the server. */
export type ClientProgram = "psql" | "pg_dump" | "pg_dumpall" | "pg_restore";

export interface ClientRun {
  readonly program: ClientProgram;
  /** Without host, port, user and password: the access adds them, never in argv. */
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** Called with each line of stderr as it comes (`pg_dump --verbose` tells its progress there). */
  readonly onLine?: (line: string) => void;
}

/** A client program as a process of this machine. The environment may hold a secret: it is never printed. */
export interface ClientCommand {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * How one PostgreSQL server is reached: natively over its socket, in a container, or by a user's URL. What works
 * on databases goes through it and knows no engine.
 */
export interface ServerAccess {
  /** What people call it: the service's name, or `host:port`. */
  readonly label: string;
  /** Client programs run on this machine and write its files; else only what `save` and `feed` pass. */
  readonly seesFiles: boolean;
  /** The role that the sessions have. */
  readonly role: string;
  /**
   * A session on `database`. Throws ToolError POSTGRES_UNREACHABLE with what to do. When the signal aborts, the query that
   * runs is cancelled on the server and rejects with the signal's reason, and the session is over.
   */
  connect(database: string, signal: AbortSignal): Promise<SqlSession>;
  /**
   * Runs a client program and gives its stdout. Throws ToolError POSTGRES_FAILED with the line that says why (DISK_FULL
   * where that is the reason), as the other three do.
   */
  run(run: ClientRun): Promise<string>;
  /** Runs `from` here and `into` on `target`, the output of one being the input of the other, nothing on disk. */
  pipe(from: ClientRun, target: ServerAccess, into: ClientRun): Promise<void>;
  /** Runs a program whose output goes to a file of the host, mode 0600; an unfinished one is left there. */
  save(run: ClientRun, path: string): Promise<void>;
  /**
   * Runs a program that reads a dump of the host, a file or a directory: its last argument, or its input where it does not see
   * the host's files, which it reads with one job then. Gives its stdout.
   */
  feed(run: ClientRun, path: string): Promise<string>;
  /** The process that runs a program here; what `run`, `pipe`, `save` and `feed` are made of. */
  command(program: ClientProgram, args: readonly string[]): Promise<ClientCommand>;
}
