import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { repositoryPath } from "../helpers/source-files.ts";

const script = repositoryPath("scripts/states/record-databases.mjs");

it.each([
  "airflow-2.7.0",
  "airflow-2.10.5",
  "airflow-2.11.2",
  "airflow-3.0.6",
  "airflow-3.3.2",
  "airflow-3.3.2-fab",
  "mlflow-2.7.1",
  "mlflow-2.22.0",
  "mlflow-3.6.0",
  "mlflow-3.17.2",
])("the release that made %s takes it as restored", (name) => {
  const { status, stderr } = spawnSync(process.execPath, [script, "--accept", name], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
