import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createBulkheadProject } from "./helpers/bulkhead-project.ts";
import { server } from "./helpers/small-database.ts";
import { told } from "./helpers/told.ts";

/** MLflow's official image has no driver for PostgreSQL; its log tells so. */
const cause = /mlflow has no PostgreSQL driver: Python does not find psycopg2/;

it("up, ps, prove and explain tell why an application ended, from its container's log", async () => {
  await using project = await createBulkheadProject({
    services: {
      db: server,
      mlflow: {
        image: "ghcr.io/mlflow/mlflow:v2.7.1",
        command: "mlflow server --backend-store-uri postgresql://app:first@db:5432/app",
        depends_on: { db: { condition: "service_healthy" } },
      },
    },
  });
  const up = told(await project.bulkhead("--json", "up", "--no-check"));
  expect(up).toMatchObject({ exitCode: 1, code: "STACK_FAILED", hint: expect.stringContaining("bulkhead explain") });
  expect(up.message).toMatch(cause);

  const ps = await project.bulkhead("ps", "--all");
  expect(ps.stdout).toMatch(/mlflow\s+exited/);
  expect(ps.stderr).toMatch(new RegExp(`Cause: ${cause.source}`));

  const prove = await project.bulkhead("--json", "prove");
  expect(prove.exitCode).toBe(1);
  const { steps } = JSON.parse(prove.stdout) as { steps: { id: string; ok: boolean; evidence: string }[] };
  expect(steps.filter(({ ok }) => !ok)).toMatchObject([{ id: "mlflow: runs", evidence: "it exited with code 1" }]);
  expect(prove.stderr).toMatch(new RegExp(`Cause: ${cause.source}`));

  const explain = await project.bulkhead("explain");
  expect(explain).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^cause\[psycopg2-missing\]/) });
  expect(explain.stdout).toContain("bulkhead check --fix=behaviour --rule missing-driver");
});

it("prove and explain tell why Airflow cannot show a task's log, and a host name mends it", async () => {
  const airflow = {
    image: "apache/airflow:2.7.0-python3.9",
    environment: {
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql+psycopg2://app:first@db:5432/app",
      AIRFLOW__WEBSERVER__SECRET_KEY: "one-for-all",
      AIRFLOW__WEBSERVER__WORKERS: "1",
      AIRFLOW__CORE__LOAD_EXAMPLES: "false",
    },
    depends_on: { migrate: { condition: "service_completed_successfully" } },
  };
  await using project = await createBulkheadProject({
    services: {
      db: server,
      migrate: { ...airflow, command: "db migrate", depends_on: { db: { condition: "service_healthy" } } },
      webserver: { ...airflow, command: "webserver", ports: ["127.0.0.1::8080"] },
      // As one container id in nine is.
      scheduler: { ...airflow, command: "scheduler", hostname: "029a5d3388b8" },
    },
  });
  await project.succeed("up", "--no-check");
  const refused = await project.bulkhead("--json", "prove");
  expect(refused.exitCode).toBe(1);
  const { steps } = JSON.parse(refused.stdout) as { steps: { id: string; ok: boolean; evidence: string }[] };
  expect(steps.filter(({ ok }) => !ok)).toMatchObject([
    { evidence: expect.stringContaining("Invalid IPv4 address: '029a5d3388b8'") },
  ]);
  expect(refused.stderr).toContain("Cause: webserver cannot fetch task logs from the container 029a5d3388b8");
  const explain = await project.bulkhead("explain");
  expect(explain.stdout).toMatch(/^cause\[log-host-misread\]/);

  const file = join(project.directory, "compose.yaml");
  await writeFile(file, project.file.replace("029a5d3388b8", "scheduler"));
  await project.succeed("up", "--no-check");
  await project.succeed("prove");
});
