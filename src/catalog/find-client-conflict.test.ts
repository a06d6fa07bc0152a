import { describe, expect, it } from "vitest";
import { findClientConflict } from "./find-client-conflict.ts";

describe("findClientConflict", () => {
  it.each([
    ["3.3.2", "2.7.1", "packaging"],
    ["3.1.0", "2.22.5", "packaging"],
    ["2.7.0", "3.17.2", "pydantic"],
    ["2.6.3", "3.6.0", "pydantic"],
    ["3.3.2", "3.0.0", undefined],
    ["3.0.6", "2.7.1", undefined],
    ["2.7.0", "3.5.0", undefined],
    ["2.7.3", "3.17.2", undefined],
    ["2.5.3", "3.17.2", undefined],
    ["3.3.2", "3.17.2", undefined],
  ])("Airflow %s with MLflow %s: %s", (airflow, mlflow, expected) => {
    expect(findClientConflict(airflow, mlflow)?.package).toBe(expected);
  });

  it.each([
    ["3.3.2", "2.7.1"],
    ["2.7.0", "3.17.2"],
  ])("names an MLflow that fits Airflow %s instead of %s", (airflow, mlflow) => {
    const fitting = findClientConflict(airflow, mlflow)?.fittingMlflow ?? "";
    expect(findClientConflict(airflow, fitting)).toBeUndefined();
  });
});
