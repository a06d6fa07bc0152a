import { airflowRequirements } from "../../src/catalog/airflow/requirements.ts";
import { airflowReleases } from "../../src/catalog/airflow/versions.ts";
import { findRelease } from "../../src/catalog/find-release.ts";
import { ensurePythonEnvironment } from "../../src/supply/ensure-python-environment.ts";
import type { PythonEnvironment } from "../../src/supply/supply.ts";
import { supplyContext } from "./supply-context.ts";

/**
 * The Airflow environment of the default pair, which many tests install: psycopg2, psycopg 3, asyncpg, uvloop, SQLAlchemy.
 */
export async function installAirflow(projectLockFile: string): Promise<PythonEnvironment> {
  return ensurePythonEnvironment(
    await supplyContext(),
    {
      product: "airflow",
      version: "3.3.2",
      preferredPython: undefined,
      supportedPython: findRelease(airflowReleases, "3.3.2").supportedPython,
      base: airflowRequirements("3.3.2"),
      extras: ["mlflow-skinny==3.17.2"],
      resolvedAsOf: undefined,
    },
    { projectLockFile },
  );
}
