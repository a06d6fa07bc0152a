import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createBulkheadProject } from "./helpers/bulkhead-project.ts";
import { containersOf, expectAnswers, expectProven, payloadOf, volumesOf, type UpPayload } from "./helpers/stories.ts";

it("what init writes is built, comes up, is proven, stops and starts again, and goes with a copy", async () => {
  await using project = await createBulkheadProject("airflow-mlflow");
  const dags = await readdir(join(project.directory, "dags"));

  const up = payloadOf<UpPayload>("up", await project.succeed("--json", "up"));
  expect(Object.fromEntries(up.services.map(({ name, state }) => [name, state]))).toEqual({
    "airflow-db": "ready",
    "mlflow-db": "ready",
    "airflow-migrate": "completed",
    "airflow-admin": "completed",
    "airflow-api-server": "ready",
    "airflow-scheduler": "ready",
    "airflow-dag-processor": "ready",
    "airflow-triggerer": "ready",
    "mlflow-migrate": "completed",
    mlflow: "ready",
  });
  await expectAnswers(up.access, ["airflow-api-server", "mlflow"]);

  await expectProven(project);
  expect(await readdir(join(project.directory, "dags"))).toEqual(dags);

  // Stopped and started again: the same containers, no second migration, and the data is there.
  const before = await containersOf(project);
  await project.succeed("stop");
  const again = await project.succeed("up");
  expect(again.stderr).not.toMatch(/migrating/);
  expect(await containersOf(project)).toEqual(before);
  await expectProven(project);

  const secrets = (await readFile(join(project.directory, ".env"), "utf8")).match(/(?<==)\S{10,}/g) ?? [];
  expect(secrets.length).toBeGreaterThan(4);
  const down = await project.succeed("--json", "down", "-v");
  const { backup } = payloadOf<{ backup: string }>("down", down);
  expect((await readFile(backup)).length).toBeGreaterThan(10_000);
  for (const secret of secrets) {
    for (const text of [again.stdout, again.stderr, down.stdout, down.stderr]) expect(text).not.toContain(secret);
  }
  expect(await containersOf(project)).toEqual({});
  expect(await volumesOf(project)).toEqual([]);
});
