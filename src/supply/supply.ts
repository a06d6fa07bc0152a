import type { Emit } from "../core/event.ts";
import type { Ports } from "../ports/ports.ts";

/** What every function of this room works with. */
export interface SupplyContext {
  readonly io: Pick<Ports, "files" | "processes" | "host" | "clock">;
  /** Absolute cache directory; see cache-directory.ts. */
  readonly cache: string;
  /** Absolute directory of what ships with Bulkhead and is not TypeScript (`resources/` of the package). */
  readonly resources: string;
  /** The account units run as; what is installed must be readable and executable by it. */
  readonly unitUser: { readonly uid: number; readonly gid: number };
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** PostgreSQL server programs of one major version. */
export interface PostgresServer {
  readonly major: number;
  /** e.g. `17.10`. */
  readonly version: string;
  /** Absolute directory with initdb, pg_ctl and postgres. */
  readonly binDirectory: string;
}

/** PostgreSQL client programs: psql, pg_dump, pg_restore, pg_isready, createdb. */
export interface PostgresClients {
  readonly major: 16 | 18;
  readonly binDirectory: string;
}

/** A Python interpreter found on this machine. */
export interface PythonInterpreter {
  readonly path: string;
  /** e.g. `3.11.7`. */
  readonly version: string;
  /** e.g. `3.11`. */
  readonly series: string;
}

/** What an application needs installed, as derived from image tag, Dockerfile and pip lines. */
export interface PythonRequest {
  /** Catalog product id: `airflow` or `mlflow`. */
  readonly product: string;
  readonly version: string;
  /** The image tag's Python (`3.9`), when it names one. */
  readonly preferredPython: string | undefined;
  /** Python series the release supports, oldest first. */
  readonly supportedPython: readonly string[];
  /** pip requirement lines of the base (product and the extras native installs), as of the release date. */
  readonly base: readonly string[];
  /** pip requirement lines that the project adds on top. */
  readonly extras: readonly string[];
  /** ISO date the base set is resolved as of (release date + 7 days); undefined: newest. */
  readonly resolvedAsOf: string | undefined;
}

/** A complete, immutable environment in the cache. */
export interface PythonEnvironment {
  /** Absolute directory; `bin/` and `lib/pythonX.Y/site-packages` below it. */
  readonly directory: string;
  readonly python: PythonInterpreter;
  /** SHA-256 (hex, first 16) of lock text, Python version, platform and installer format. */
  readonly key: string;
  /** Installed Alembic histories, read from the packages themselves; those of the product itself come first. */
  readonly alembic: readonly AlembicChain[];
  /** Installed distributions, lower-case name -> version. */
  readonly packages: Readonly<Record<string, string>>;
}

export interface AlembicChain {
  /** Python package that brings it: `airflow`, `airflow.providers.fab`, `mlflow`, `mlflow.server.auth`. */
  readonly package: string;
  /** e.g. `alembic_version`, `alembic_version_fab`. */
  readonly versionTable: string;
  readonly heads: readonly string[];
  readonly revisions: readonly string[];
}
