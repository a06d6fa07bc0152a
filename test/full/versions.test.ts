import { join } from "node:path";
import { expect, it } from "vitest";
import { createStackHome } from "../helpers/stack-home.ts";

/** Pairs between the article's and the default one: the last 2.x, the first shapes of 3.x, MLflow around its changes. */
it.each([
  ["2.10.5", "2.22.0", "15"],
  ["3.0.6", "3.4.0", "16"],
  ["3.1.8", "3.14.0", "18"],
])("Airflow %s with MLflow %s on PostgreSQL %s comes up and is proven", async (airflow, mlflow, postgres) => {
  await using home = await createStackHome();
  const versions = ["--airflow", airflow, "--mlflow", mlflow, "--postgres", postgres];
  const init = await home.run(home.directory, "init", "pair", ...versions);
  expect(init.exitCode === 0 ? "" : init.stderr).toBe("");
  const project = join(home.directory, "pair");
  home.onEndBringDown(project);
  const up = await home.run(project, "up", "--auto-ports");
  expect(up.exitCode === 0 ? "" : up.stderr).toBe("");
  const prove = await home.run(project, "prove");
  expect(prove.exitCode === 0 ? "" : prove.stdout + prove.stderr).toBe("");
});
