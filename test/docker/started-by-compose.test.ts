import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createBulkheadProject, type BulkheadProject } from "./helpers/bulkhead-project.ts";
import type { ProgramResult } from "../helpers/run-program.ts";

/** No engine is chosen, as on the machine of somebody who has never run Bulkhead. */
function unchosen(project: BulkheadProject, ...args: readonly string[]): Promise<ProgramResult> {
  return project.bulkheadWith({ BULKHEAD_ENGINE: "" }, ...args);
}

it("a stack that docker compose started is asked, backed up and explained where it runs, and not run twice", async () => {
  await using project = await createBulkheadProject({
    services: {
      db: { image: "postgres:17", environment: { POSTGRES_USER: "app", POSTGRES_PASSWORD: "first" } },
    },
  });
  expect((await project.compose("up", "--detach")).exitCode).toBe(0);
  const second = await project.bulkhead("--engine", "native", "up", "db");
  expect(second.exitCode).toBe(2);
  expect(second.stderr).toContain("runs under Docker (db): two copies of it would each have their own data");

  await expect
    .poll(async () => (await unchosen(project, "ps", "--json")).stdout)
    .toMatch(/"name": "db",[^}]*"state": "ready"/);
  expect((await unchosen(project, "db", "status")).stdout).toContain("PostgreSQL 17");
  expect((await unchosen(project, "logs", "db")).stdout).toContain("ready to accept connections");
  const psql = ["exec", "-T", "db", "psql", "-U", "app", "-c", "select * from no_such_table"];
  expect((await unchosen(project, ...psql)).exitCode).toBe(1);
  // A file that has become faulty keeps nobody from the logs.
  const file = join(project.directory, "compose.yaml");
  await writeFile(file, project.file.replace("services:", "no_such_section: 1\nservices:"));
  const explained = await unchosen(project, "explain");
  expect(explained.stdout).toContain('relation "no_such_table" does not exist');
  await writeFile(file, project.file);
  const backup = await unchosen(project, "db", "backup", "--out", "app.tar");
  expect(backup.exitCode, backup.stderr).toBe(0);
  const down = await unchosen(project, "down", "-v");
  expect(down.exitCode, down.stderr).toBe(0);
  expect(down.stdout).toContain("Backup of all databases: ");
  expect((await project.compose("ps", "--all", "--quiet")).stdout).toBe("");
});

it("the only line of a container that ended at once is explained, however late its start was written down", async () => {
  const numbers = [1, 2, 3, 4, 5, 6];
  const one = (number: number): object => ({
    image: "postgres:17",
    entrypoint: ["echo", `ERROR: part ${number} is lost`],
    environment: { POSTGRES_PASSWORD: "unused" },
  });
  const services = Object.fromEntries(numbers.map((number) => [`job${number}`, one(number)]));
  await using project = await createBulkheadProject({ services });
  const up = await project.compose("up");
  expect(up.exitCode, up.stderr).toBe(0);
  const { stdout } = await project.bulkhead("explain");
  for (const number of numbers) expect(stdout).toContain(`part ${number} is lost`);
});
