/**
 * What the supervisor receives for one service: finished, with nothing left to look up. Written to
 * `units/SERVICE/unit.json` (mode 0600: the environment may hold secrets).
 */
export interface UnitSpec {
  readonly service: string;
  /** Hash of everything below; a different hash means the definition changed. */
  readonly hash: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Account to run as; absent: our own. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Absolute log file; stdout and stderr go straight to it. */
  readonly logFile: string;
  readonly stopSignal: string;
  /**
   * Who gets the stop signal: the whole process group, or the application's first process only (a PostgreSQL
   * postmaster ends its backends itself; signalled alone they would abort what they are doing).
   */
  readonly stopTarget: "group" | "process";
  readonly stopGraceMs: number;
  readonly restart: RestartPolicy;
  /** Files removed before each start (stale pid files). */
  readonly removeBeforeStart: readonly string[];
  readonly check?: UnitCheck;
}

export interface RestartPolicy {
  readonly when: "no" | "always" | "on-failure" | "unless-stopped";
  readonly maximumRetries?: number;
}

/** Continuous health, asked by the supervisor from the unit's start on. Durations in milliseconds. */
export interface UnitCheck {
  readonly test:
    | { readonly kind: "http"; readonly url: string; readonly expectStatus: readonly number[] }
    | { readonly kind: "tcp"; readonly host: string; readonly port: number }
    | { readonly kind: "exec"; readonly argv: readonly [string, ...string[]] };
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly startPeriodMs: number;
}

/** What is known of a unit now. */
export interface UnitStatus {
  readonly service: string;
  readonly hash: string;
  readonly state: "starting" | "running" | "backing-off" | "exited" | "crash-loop" | "stopping" | "stopped";
  readonly health: "unknown" | "healthy" | "unhealthy";
  readonly pid: number | undefined;
  /** ISO time of the last start. */
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  /** 0-255 as a shell tells it (128 + n for signal n); undefined while it runs or when nobody could learn it. */
  readonly exitCode: number | undefined;
  readonly restarts: number;
  /** Output of the last failed health check, one line. */
  readonly healthDetail: string | undefined;
}
