import { compareReleaseVersions } from "./compare-release-versions.ts";

/** Bounds of one package that no version of it meets. */
export interface ClientConflict {
  readonly package: string;
  /** As Airflow's and the client's wheels write them: `>=25.0`, `<25`. */
  readonly airflowNeeds: string;
  readonly mlflowNeeds: string;
  /** An MLflow release that does fit. */
  readonly fittingMlflow: string;
}

interface Conflict extends ClientConflict {
  /** First and last release, both included; undefined: no end. */
  readonly airflow: readonly [from: string | undefined, to: string | undefined];
  readonly mlflow: readonly [from: string | undefined, to: string | undefined];
}

/**
 * Read in the wheels of apache-airflow(-core) 2.6.3, 2.7.0, 2.7.3, 3.0.6, 3.1.0, 3.1.8, 3.2.0, 3.3.2 and mlflow-skinny
 * 2.0.1, 2.7.1, 2.22.5, 3.0.0, 3.5.0, 3.6.0, 3.17.2, and refused by a resolver where two of them meet.
 */
const conflicts: readonly Conflict[] = [
  {
    package: "packaging",
    airflow: ["3.1.0", undefined],
    airflowNeeds: ">=25.0",
    mlflow: [undefined, "2.22.5"],
    mlflowNeeds: "<25",
    fittingMlflow: "3.17.2",
  },
  {
    package: "pydantic",
    airflow: ["2.6.3", "2.7.0"],
    airflowNeeds: "<2.0.0",
    mlflow: ["3.6.0", undefined],
    mlflowNeeds: ">=2.0.0",
    fittingMlflow: "3.5.0",
  },
];

/**
 * Why the MLflow client of one release cannot be installed beside one Airflow release (`3.3.2`, `2.7.1`). Undefined when
 * nothing is known against it; that it can is known only when their packages are resolved.
 */
export function findClientConflict(airflow: string, mlflow: string): ClientConflict | undefined {
  return conflicts.find((one) => isWithin(airflow, one.airflow) && isWithin(mlflow, one.mlflow));
}

function isWithin(version: string, [from, to]: Conflict["airflow"]): boolean {
  return (
    (from === undefined || compareReleaseVersions(version, from) >= 0) &&
    (to === undefined || compareReleaseVersions(version, to) <= 0)
  );
}
