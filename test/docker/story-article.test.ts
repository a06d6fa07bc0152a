import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createBulkheadProject } from "./helpers/bulkhead-project.ts";
import {
  containersOf,
  expectAnswers,
  expectProven,
  payloadOf,
  startedAt,
  volumesOf,
  type UpPayload,
} from "./helpers/stories.ts";

it("the article's repaired stack comes up unchanged, is proven, changes only where its file did, and goes with a copy", async () => {
  await using project = await createBulkheadProject("article-after");
  const dags = await readdir(join(project.directory, "dags"));

  const up = payloadOf<UpPayload>("up", await project.succeed("--json", "up"));
  expect(up.engine).toBe("docker");
  expect(Object.fromEntries(up.services.map(({ name, state }) => [name, state]))).toEqual({
    postgres: "ready",
    "postgres-mlflow": "ready",
    "airflow-init": "completed",
    "airflow-webserver": "ready",
    "airflow-scheduler": "ready",
    mlflow: "ready",
  });
  const ps = payloadOf<UpPayload>("ps", await project.succeed("--json", "ps", "--all"));
  expect(ps.services.map(({ name, state }) => [name, state])).toEqual(
    up.services.map(({ name, state }) => [name, state]),
  );
  // The user interfaces answer where the table says; a database that publishes nothing is opened from inside.
  await expectAnswers(up.access, ["airflow-webserver", "mlflow"]);
  expect(up.access.filter(({ kind }) => kind === "database").map(({ service, url }) => [service, url])).toEqual([
    ["postgres", "postgres:5432/airflow"],
    ["postgres-mlflow", expect.stringMatching(/^localhost:\d+\/mlflow$/)],
  ]);
  expect((await project.succeed("logs", "airflow-init")).stdout).toContain('User "admin" created');

  await expectProven(project);
  expect(await readdir(join(project.directory, "dags"))).toEqual(dags);

  // A second up starts nothing; an edit of one service makes that one anew.
  const before = await containersOf(project);
  const started = await startedAt(Object.values(before));
  await project.succeed("up");
  expect(await containersOf(project)).toEqual(before);
  expect(await startedAt(Object.values(before))).toEqual(started);
  const override = join(project.directory, "compose.override.yaml");
  const text = await readFile(override, "utf8");
  await writeFile(override, text.replace("  mlflow: {", '  mlflow: { environment: { TRACE: "1" },'));
  await project.succeed("up");
  const after = await containersOf(project);
  expect(after["mlflow"]).not.toBe(before["mlflow"]);
  expect({ ...after, mlflow: "" }).toEqual({ ...before, mlflow: "" });

  const down = payloadOf<{ backup: string; removedVolumes: string[] }>(
    "down",
    await project.succeed("--json", "down", "-v"),
  );
  expect(down.removedVolumes).toHaveLength(4);
  expect((await readFile(down.backup)).length).toBeGreaterThan(10_000);
  expect(await containersOf(project)).toEqual({});
  expect(await volumesOf(project)).toEqual([]);
});
