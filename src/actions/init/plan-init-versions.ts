import { findClientConflict } from "../../catalog/find-client-conflict.ts";
import { ToolError } from "../../core/tool-error.ts";

/** The versions a new project pins, with what follows from them for its files. */
export interface InitVersions {
  readonly airflow: string;
  readonly mlflow: string;
  readonly postgres: string;
  /** Airflow 3: api-server and dag-processor instead of webserver. */
  readonly isAirflow3: boolean;
  /** Tag of `apache/airflow`; names a Python where the image's own is too old for today's MLflow client. */
  readonly airflowTag: string;
  /** `airflow db ...` words that bring the schema to its head. */
  readonly airflowMigration: "migrate" | "upgrade";
  /** Airflow 2.10 and newer report usage to their makers unless told not to. */
  readonly airflowReportsUsage: boolean;
  /** Airflow 2.10 has a secret of its own for calls between components. */
  readonly airflowInternalApiSecret: boolean;
  /** From 3.14 on `mlflow db upgrade` works on an empty database; before, the server makes its tables itself. */
  readonly mlflowMigrates: boolean;
  /** MLflow 3.5 and newer check the Host header, and start processes for jobs. */
  readonly mlflowChecksHosts: boolean;
  /** psycopg2-binary with wheels for the Python of that MLflow image. */
  readonly psycopg2: string;
  /** Where the PostgreSQL image of that major keeps its volume. */
  readonly postgresVolume: string;
}

export const defaultVersions = { airflow: "3.3.2", mlflow: "3.17.2", postgres: "17" } as const;

/** Its `airflow jobs check` is the first with `--local`. */
const oldestAirflow = "2.5.0";
const oldestMlflow = "2.0.0";
const oldestPostgres = 13;
const newestPostgres = 18;

/**
 * Checks the wanted versions (`2.10.5`, `3.17.2`, major `17`; absent: the default) and derives what the files need.
 * Throws ToolError VERSION_UNKNOWN for one that `init` has no files for, LOCK_FAILED for two that are known not to fit.
 */
export function planInitVersions(wanted: { airflow?: string; mlflow?: string; postgres?: string }): InitVersions {
  const airflow = wanted.airflow ?? defaultVersions.airflow;
  const mlflow = wanted.mlflow ?? defaultVersions.mlflow;
  const postgres = wanted.postgres ?? defaultVersions.postgres;
  assertRelease("Airflow", "--airflow", airflow, oldestAirflow, defaultVersions.airflow);
  assertRelease("MLflow", "--mlflow", mlflow, oldestMlflow, defaultVersions.mlflow);
  assertPostgresMajor(postgres);
  assertClientFits(airflow, mlflow);
  return {
    airflow,
    mlflow,
    postgres,
    isAirflow3: isAtLeast(airflow, "3.0.0"),
    airflowTag: isAtLeast(airflow, "2.9.0") ? airflow : `${airflow}-python3.10`,
    airflowMigration: isAtLeast(airflow, "2.7.0") ? "migrate" : "upgrade",
    airflowReportsUsage: isAtLeast(airflow, "2.10.0"),
    airflowInternalApiSecret: isAtLeast(airflow, "2.10.0") && !isAtLeast(airflow, "3.0.0"),
    mlflowMigrates: isAtLeast(mlflow, "3.14.0"),
    mlflowChecksHosts: isAtLeast(mlflow, "3.5.0"),
    psycopg2: isAtLeast(mlflow, "3.5.0") ? "2.9.13" : "2.9.9",
    postgresVolume: Number(postgres) >= 18 ? "/var/lib/postgresql" : "/var/lib/postgresql/data",
  };
}

function assertRelease(product: string, flag: string, version: string, oldest: string, example: string): void {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new ToolError(
      "VERSION_UNKNOWN",
      `${product} version ${JSON.stringify(version)} is not of the form MAJOR.MINOR.PATCH.`,
      {
        hint: `bulkhead init ${flag} ${example}`,
        detail: { product, version },
      },
    );
  }
  if (!isAtLeast(version, oldest)) {
    throw new ToolError("VERSION_UNKNOWN", `init writes projects for ${product} ${oldest} and newer, not ${version}.`, {
      hint: `bulkhead init ${flag} ${example}`,
      detail: { product, version, oldest },
    });
  }
}

/** The Airflow image gets the MLflow client of the server's version. */
function assertClientFits(airflow: string, mlflow: string): void {
  const conflict = findClientConflict(airflow, mlflow);
  if (conflict === undefined) return;
  const { package: name, airflowNeeds, mlflowNeeds, fittingMlflow } = conflict;
  throw new ToolError(
    "LOCK_FAILED",
    `The client of MLflow ${mlflow} cannot be installed beside Airflow ${airflow}: it needs ${name} ${mlflowNeeds}, Airflow needs ${name} ${airflowNeeds}.`,
    {
      hint: `bulkhead init --airflow ${airflow} --mlflow ${fittingMlflow}`,
      detail: { airflow, mlflow, package: name },
    },
  );
}

function assertPostgresMajor(major: string): void {
  if (/^\d+$/.test(major) && Number(major) >= oldestPostgres && Number(major) <= newestPostgres) return;
  throw new ToolError(
    "VERSION_UNKNOWN",
    `PostgreSQL ${JSON.stringify(major)} is not a major version from ${oldestPostgres} to ${newestPostgres}.`,
    { hint: `bulkhead init --postgres ${defaultVersions.postgres}`, detail: { product: "PostgreSQL", version: major } },
  );
}

function isAtLeast(version: string, least: string): boolean {
  const wanted = least.split(".").map(Number);
  for (const [at, part] of version.split(".").map(Number).entries()) {
    const other = wanted[at] ?? 0;
    if (part !== other) return part > other;
  }
  return true;
}
