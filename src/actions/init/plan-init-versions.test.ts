import { describe, expect, it } from "vitest";
import { planInitVersions } from "./plan-init-versions.ts";

describe("planInitVersions", () => {
  it("takes the default for what is not named", () => {
    expect(planInitVersions({ mlflow: "3.4.0" })).toMatchObject({
      airflow: "3.3.2",
      mlflow: "3.4.0",
      postgres: "17",
    });
  });

  it("refuses an MLflow whose client is known not to install beside that Airflow", () => {
    expect(() => planInitVersions({ airflow: "3.3.2", mlflow: "2.7.1" })).toThrow(
      expect.objectContaining({
        code: "LOCK_FAILED",
        exitCode: 2,
        message:
          "The client of MLflow 2.7.1 cannot be installed beside Airflow 3.3.2: it needs packaging <25, Airflow needs packaging >=25.0.",
        hint: "bulkhead init --airflow 3.3.2 --mlflow 3.17.2",
      }),
    );
    expect(() => planInitVersions({ airflow: "2.7.0" })).toThrow("beside Airflow 2.7.0: it needs pydantic >=2.0.0");
  });

  it("compares parts as numbers, not as text", () => {
    expect(planInitVersions({ airflow: "2.10.0" })).toMatchObject({ airflowTag: "2.10.0", airflowReportsUsage: true });
    expect(planInitVersions({ airflow: "2.9.3" })).toMatchObject({ airflowTag: "2.9.3", airflowReportsUsage: false });
    expect(planInitVersions({ airflow: "2.8.4" }).airflowTag).toBe("2.8.4-python3.10");
  });

  it.each([
    ["2.6.3", "upgrade"],
    ["2.7.0", "migrate"],
  ])("migrates Airflow %s by `db %s`", (airflow, words) => {
    expect(planInitVersions({ airflow, mlflow: "2.7.1" }).airflowMigration).toBe(words);
  });

  it.each([
    ["3.13.9", false],
    ["3.14.0", true],
  ])("has a migration job for MLflow %s: %s", (mlflow, has) => {
    expect(planInitVersions({ mlflow }).mlflowMigrates).toBe(has);
  });

  it.each([
    [{ airflow: "3.3" }, 'Airflow version "3.3" is not of the form MAJOR.MINOR.PATCH.'],
    [{ airflow: "2.4.3" }, "init writes projects for Airflow 2.5.0 and newer, not 2.4.3."],
    [{ mlflow: "1.30.0" }, "init writes projects for MLflow 2.0.0 and newer, not 1.30.0."],
    [{ mlflow: "latest" }, 'MLflow version "latest" is not of the form MAJOR.MINOR.PATCH.'],
    [{ postgres: "17.2" }, 'PostgreSQL "17.2" is not a major version from 13 to 18.'],
    [{ postgres: "12" }, 'PostgreSQL "12" is not a major version from 13 to 18.'],
    [{ airflow: "3.3.2\nRUN x" }, 'Airflow version "3.3.2\\nRUN x" is not of the form MAJOR.MINOR.PATCH.'],
  ])("refuses %j", (wanted, message) => {
    expect(() => planInitVersions(wanted)).toThrow(expect.objectContaining({ code: "VERSION_UNKNOWN", message }));
  });
});
