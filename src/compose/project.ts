import type { Origin } from "../core/origin.ts";
import type { Span } from "../core/span.ts";
import type { ComposeWarning } from "./compose-fault.ts";

/**
 * The loaded Compose project in Compose's canonical form. Keys are Compose's own (snake_case), so `config` prints the
 * model as it is. Facts about where a value was written live beside it, in `origins`.
 */
export interface Project {
  readonly name: string;
  /** Absolute project directory: relative paths of the first file resolve from here. */
  readonly directory: string;
  /** Absolute Compose files in merge order. */
  readonly files: readonly string[];
  /** Services enabled by the active profiles, in the order they were written. */
  readonly services: Readonly<Record<string, Service>>;
  /** Services left out because none of their profiles is active. */
  readonly disabledServices: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, Network>>;
  readonly volumes: Readonly<Record<string, Volume>>;
  readonly secrets: Readonly<Record<string, FileSource>>;
  readonly configs: Readonly<Record<string, FileSource>>;
  /** Top-level `x-*` values, interpolated. */
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly origins: OriginIndex;
  readonly warnings: readonly ComposeWarning[];
  /** Every file that was read or looked for, absolute, in order. */
  readonly sources: readonly { readonly path: string; readonly found: boolean }[];
  /** Profiles that are active, and all that services name. A checker loads once for each set it wants to judge. */
  readonly profiles: { readonly active: readonly string[]; readonly declared: readonly string[] };
  /** Compose's own canonical model of the enabled services and all resources, which `config` prints. */
  readonly model: Readonly<Record<string, unknown>>;
}

/** Where effective values came from, by path in the canonical model: `["services", "db", "image"]`. */
export interface OriginIndex {
  at(path: readonly (string | number)[]): Origin | undefined;
  /** The key as written in the file that decided the value; undefined for keys that no file holds and for list items. */
  keyAt(path: readonly (string | number)[]): Span | undefined;
  /**
   * Where the characters `start`..`end` (UTF-16, end exclusive) of the effective text at `path` were written: pieces in
   * order that cover the range. `["services", "app", "command", 2]` is the third word of a command.
   */
  slice(path: readonly (string | number)[], start: number, end: number): readonly TextPiece[];
}

/**
 * Characters `start`..`end` of an effective text that one place wrote. `origin.chain[0].span` covers exactly their
 * bytes there (an escape such as `\n` counts as written); later links lead to where that place was used, e.g. from the
 * line of `.env` to its `${NAME}`. Without a span the characters stand in no file (the shell, a default).
 */
export interface TextPiece {
  readonly start: number;
  readonly end: number;
  readonly origin: Origin;
}

export interface Service {
  readonly image?: string;
  readonly build?: Build;
  /** An empty list clears the image's own command; absent (and a written null) keeps it. Text is already split into words. */
  readonly command?: readonly string[] | null;
  readonly entrypoint?: readonly string[] | null;
  /** env_file and environment joined; null: named without a value and not set outside. */
  readonly environment: Readonly<Record<string, string | null>>;
  readonly env_file?: readonly { readonly path: string; readonly required: boolean; readonly format?: string }[];
  readonly depends_on: Readonly<Record<string, Dependency>>;
  readonly healthcheck?: Healthcheck;
  readonly ports: readonly Port[];
  readonly expose?: readonly string[];
  readonly volumes: readonly Mount[];
  readonly tmpfs?: readonly string[];
  readonly networks: Readonly<Record<string, NetworkAttachment | null>>;
  readonly network_mode?: string;
  readonly secrets: readonly FileMount[];
  readonly configs: readonly FileMount[];
  readonly profiles: readonly string[];
  /**
   * Attributes that a fault left partly or wholly unread (a missing env_file: `environment`); `*` for all of them. What
   * is absent there is unknown, not blank. Only in outcomes of `loadOutcome` with faults.
   */
  readonly incomplete?: readonly string[];
  /** `no` (default), `always`, `on-failure`, `on-failure:N`, `unless-stopped`. */
  readonly restart?: string;
  readonly working_dir?: string;
  readonly user?: string;
  readonly container_name?: string;
  readonly hostname?: string;
  readonly extra_hosts?: readonly string[];
  readonly init?: boolean;
  readonly stdin_open?: boolean;
  readonly tty?: boolean;
  readonly read_only?: boolean;
  /** Compose duration text as written, e.g. `1m30s`; see parse-duration.ts. */
  readonly stop_grace_period?: string;
  readonly stop_signal?: string;
  readonly platform?: string;
  readonly pull_policy?: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Keys that are accepted and passed through, with their canonical values (labels, logging, deploy, shm_size, ...). */
  readonly other: Readonly<Record<string, unknown>>;
}

export interface Build {
  /** Absolute directory (or a URL, kept as written). */
  readonly context: string;
  readonly dockerfile?: string;
  readonly dockerfile_inline?: string;
  readonly args: Readonly<Record<string, string | null>>;
  readonly target?: string;
  readonly other: Readonly<Record<string, unknown>>;
}

export interface Dependency {
  readonly condition: "service_started" | "service_healthy" | "service_completed_successfully";
  readonly restart?: boolean;
  readonly required: boolean;
}

export interface Healthcheck {
  /** `["CMD", ...]`, `["CMD-SHELL", text]` or `["NONE"]`; absent: the image's own test. */
  readonly test?: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly start_interval?: string;
  readonly disable?: boolean;
}

export interface Port {
  readonly mode: string;
  readonly host_ip?: string;
  readonly target: number;
  /** Host port or range as text; absent: any free port. */
  readonly published?: string;
  readonly protocol: string;
  readonly name?: string;
  readonly app_protocol?: string;
}

export interface Mount {
  readonly type: "bind" | "volume" | "tmpfs" | "image" | "cluster" | "npipe";
  /** Absolute host path for binds, volume key for volumes; absent: anonymous. */
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly other: Readonly<Record<string, unknown>>;
}

export interface NetworkAttachment {
  readonly aliases?: readonly string[];
  readonly other: Readonly<Record<string, unknown>>;
}

export interface Network {
  /** The real name: `PROJECT_KEY` unless the file gives one. */
  readonly name: string;
  readonly external?: boolean;
  readonly other: Readonly<Record<string, unknown>>;
}

export interface Volume {
  readonly name: string;
  readonly external?: boolean;
  readonly other: Readonly<Record<string, unknown>>;
}

/** A top-level secret or config: exactly one of the sources. */
export interface FileSource {
  readonly name: string;
  /** Absolute path. */
  readonly file?: string;
  readonly environment?: string;
  /** Value of the named environment variable, when `environment` is set and found. */
  readonly value?: string;
  readonly content?: string;
  readonly external?: boolean;
}

/** A secret or config mounted in a service. */
export interface FileMount {
  readonly source: string;
  /** Absolute path in the container. */
  readonly target: string;
  readonly uid?: string;
  readonly gid?: string;
  /** Octal, e.g. `0440`. */
  readonly mode?: string;
}
