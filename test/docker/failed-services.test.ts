import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createBulkheadProject } from "./helpers/bulkhead-project.ts";
import { server } from "./helpers/small-database.ts";
import { containersOf, runningOf } from "./helpers/stories.ts";
import { told } from "./helpers/told.ts";

const after = (service: string, condition: string): object => ({
  ...server,
  depends_on: { [service]: { condition } },
});

it.concurrent("a job that failed is named with its exit code and its last lines, and what depends on it does not start", async () => {
  await using project = await createBulkheadProject({
    services: {
      job: { ...server, command: ["bash", "-c", "echo ERROR: the pump is dry >&2; exit 7"] },
      db: after("job", "service_completed_successfully"),
    },
  });
  const error = told(await project.bulkhead("--json", "up", "--no-check"));
  expect(error).toMatchObject({ exitCode: 1, code: "STACK_FAILED" });
  expect(error.message).toMatch(/^job exited with code 7\n.*the pump is dry/);
  expect(await runningOf(project)).toEqual([]);
});

it.concurrent("a server that ends is named with its exit code and its last lines", async () => {
  await using project = await createBulkheadProject({
    services: {
      first: { ...server, command: ["-c", "shared_buffers=lots"] },
      db: after("first", "service_healthy"),
    },
  });
  const error = told(await project.bulkhead("--json", "up", "--no-check"));
  expect(error).toMatchObject({ exitCode: 1, code: "STACK_FAILED" });
  expect(error.message).toMatch(/^first exited with code 1\n.*invalid value for parameter "shared_buffers"/s);
  expect(await runningOf(project)).toEqual([]);
});

it.concurrent("a service whose own check fails is named with what the check said, its exit code and the service's last lines", async () => {
  await using project = await createBulkheadProject({
    services: {
      sick: {
        image: "mlflow/mlflow:2.7.1",
        command: ["sh", "-c", "echo ERROR: no pressure; exec sleep 600"],
        init: true,
        healthcheck: { test: ["CMD-SHELL", "echo gauge at zero; exit 3"], interval: "1s", retries: 2 },
      },
      db: after("sick", "service_healthy"),
    },
  });
  const error = told(await project.bulkhead("--json", "up", "--no-check"));
  expect(error).toMatchObject({ exitCode: 1, code: "STACK_FAILED" });
  expect(error.message).toMatch(
    /^sick runs, but: its own healthcheck fails: gauge at zero - exit code 3\n.*ERROR: no pressure/,
  );
  expect(await runningOf(project)).toEqual(["sick"]);
});

it.concurrent("--wait-timeout ends the wait and says what each service was waiting for", async () => {
  await using project = await createBulkheadProject({
    services: {
      slow: { ...server, entrypoint: ["sleep", "600"], init: true },
      db: after("slow", "service_healthy"),
    },
  });
  const error = told(await project.bulkhead("--json", "up", "--no-check", "--wait-timeout", "4"));
  expect(error).toMatchObject({ exitCode: 1, code: "TIMED_OUT" });
  expect(error.message).toMatch(/^Not everything was ready after 4 s:\n {2}slow: .+\n {2}db: slow to be ready/);
  expect(error.hint).toContain("bulkhead logs slow");
  expect(Object.keys(await containersOf(project))).toContain("slow");
});

it.concurrent("a migration that failed behind an exit code of 0 is found out", async () => {
  await using project = await createBulkheadProject({
    services: {
      db: { ...server, volumes: ["./init:/docker-entrypoint-initdb.d:ro"] },
      migrate: {
        ...after("db", "service_healthy"),
        image: "apache/airflow:2.7.0-python3.9",
        command: "version",
        environment: {
          _AIRFLOW_DB_MIGRATE: "true",
          AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql+psycopg2://reader:second@db:5432/app",
        },
      },
    },
  });
  // It may log in, and make nothing.
  await mkdir(join(project.directory, "init"));
  await writeFile(join(project.directory, "init/1.sql"), "CREATE ROLE reader LOGIN PASSWORD 'second';\n");
  const error = told(await project.bulkhead("--json", "up", "--no-check"));
  expect(error).toMatchObject({ exitCode: 1, code: "STACK_FAILED" });
  expect(error.message).toMatch(/^migrate exited with 0, but the database is not migrated: /);
});
