import type { Duplex } from "node:stream";

export interface RunRequest {
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  /** A file that is its standard input. */
  readonly inputFile?: string;
  /** A file that its standard output goes to, made anew with mode 0600; `stdout` of the result is then empty. */
  readonly outputFile?: string;
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Ends the process group with TERM, then KILL, after this many milliseconds. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called with each complete line of stdout and stderr. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

export interface RunResult {
  readonly exitCode: number | undefined;
  readonly signalName: string | undefined;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Opens a line to a server: what is written goes to it, what is read comes from it. Ends when it is destroyed. */
export type Dial = () => Promise<Duplex>;

/** Identity of a process that survives pid reuse: pid and start time in the platform's own ticks. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

/** Child processes. A one-shot run is its group's leader and never outlives its `run` call. */
export interface Processes {
  /** Resolves when the process has ended, whatever its status; rejects only if it could not be started (ENOENT, EACCES). */
  run(request: RunRequest): Promise<RunResult>;
  /**
   * Runs two programs, the output of `from` being the input of `into`. What fails ends the other: `into` never sees the end
   * of its input when `from` failed. Where `into` ended well before, what `from` still writes is dropped. Resolves when both
   * have ended, with the one that failed first (the other's failure follows from it); rejects as `run` does. `onBytes` is
   * called with the bytes that passed, all together.
   */
  pipe(
    from: Omit<RunRequest, "outputFile">,
    into: Omit<RunRequest, "input" | "inputFile">,
    onBytes?: (total: number) => void,
  ): Promise<{ readonly from: RunResult; readonly into: RunResult; readonly failed: "from" | "into" | undefined }>;
  /**
   * Starts a process and gives its stdin and stdout as one line. It is destroyed with an error when the process failed,
   * stderr's last line its message; destroying it ends the process group. Rejects as `run` does.
   */
  converse(request: Omit<RunRequest, "input" | "inputFile" | "outputFile" | "onLine">): Promise<Duplex>;
  /** Runs with this terminal's stdin, stdout and stderr; resolves with the exit code (128 + n for signal n). */
  runAttached(request: Omit<RunRequest, "input" | "onLine" | "timeoutMs">): Promise<number>;
  /** Starts a process in its own session that outlives us, output to `logFile`. */
  startDetached(request: {
    argv: readonly [string, ...string[]];
    cwd: string;
    env: Readonly<Record<string, string>>;
    logFile: string;
  }): Promise<ProcessIdentity>;
  identify(pid: number): Promise<ProcessIdentity | undefined>;
  isSame(identity: ProcessIdentity): Promise<boolean>;
  /** Sends a signal to a process, or to its group with `group`; a missing process is fine. */
  kill(identity: ProcessIdentity, signalName: NodeJS.Signals, options?: { group?: boolean }): Promise<void>;
}
