import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createStackHome } from "../helpers/stack-home.ts";

const compose = (password: string): string => `
services:
  db:
    image: postgres:17
    environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: ${password} }
    volumes: ["data:/var/lib/postgresql/data"]
volumes: { data: {} }
`;

it("down -v backs up a server whose password drifted, and copies one that cannot start", async () => {
  await using home = await createStackHome();
  const project = join(home.directory, "p");
  await mkdir(project);
  home.onEndBringDown(project);
  await writeFile(join(project, "compose.yaml"), compose("first-password"));
  expect(await home.run(project, "up")).toMatchObject({ exitCode: 0 });
  const sql = "create table kept as select generate_series(1, 3) as id";
  const made = await home.run(project, "exec", "-T", "db", "psql", "-U", "app", "-qc", sql);
  expect(made.exitCode === 0 ? "" : made.stderr).toBe("");
  expect(await home.run(project, "stop")).toMatchObject({ exitCode: 0 });

  // The volume keeps the password it was made with; a backup does not need it.
  await writeFile(join(project, "compose.yaml"), compose("second-password"));
  const refused = await home.run(project, "up");
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("POSTGRES_PASSWORD in compose.yaml");
  expect(await home.run(project, "stop")).toMatchObject({ exitCode: 0 });
  const data = join(home.env["BULKHEAD_HOME"] ?? "", "projects", "p", "volumes", "p_data");

  // A server that cannot start: its data directory is kept as it is.
  await rm(join(data, "global", "pg_control"));
  const down = await home.run(project, "down", "-v", "--json");
  expect(down.exitCode === 0 ? "" : down.stderr + down.stdout).toBe("");
  const { backup, copies } = JSON.parse(down.stdout) as { backup: string; copies: string[] };
  expect(copies).toEqual([backup]);
  expect(backup).toMatch(/\.db\.data$/);
  expect(await readdir(backup)).toContain("PG_VERSION");
  expect(down.stderr).toContain("db does not start, so its data directory was copied as it is");
});

it("down -v dumps a stopped server though its password drifted", async () => {
  await using home = await createStackHome();
  const project = join(home.directory, "q");
  await mkdir(project);
  home.onEndBringDown(project);
  await writeFile(join(project, "compose.yaml"), compose("first-password"));
  expect(await home.run(project, "up")).toMatchObject({ exitCode: 0 });
  expect(await home.run(project, "stop")).toMatchObject({ exitCode: 0 });
  await writeFile(join(project, "compose.yaml"), compose("second-password"));
  const down = await home.run(project, "down", "-v", "--json");
  expect(down.exitCode === 0 ? "" : down.stderr + down.stdout).toBe("");
  const { backup, copies } = JSON.parse(down.stdout) as { backup: string; copies: string[] };
  expect(copies).toEqual([]);
  const restored = await home.run(project, "db", "restore", backup, "--json");
  const { databases } = JSON.parse(restored.stdout) as { databases: { name: string }[] };
  expect(databases).toMatchObject([{ server: "db", name: "app" }]);
});

it("down -v copies the data of a service that is no longer in the file", async () => {
  await using home = await createStackHome();
  const project = join(home.directory, "r");
  await mkdir(project);
  home.onEndBringDown(project);
  const file = join(project, "compose.yaml");
  // As images from 18 on have it: the volume holds the cluster's parent.
  const written = compose("first-password").replace("/postgresql/data", "/postgresql");
  await writeFile(file, written);
  expect(await home.run(project, "up", "--no-check")).toMatchObject({ exitCode: 0 });
  await writeFile(file, written.replace("  db:", "  renamed:").replaceAll("data", "other"));
  const down = await home.run(project, "down", "-v", "--json");
  expect(down.exitCode === 0 ? "" : down.stderr + down.stdout).toBe("");
  const { backup } = JSON.parse(down.stdout) as { backup: string };
  expect(backup).toMatch(/\.r_data\.data\.data$/);
  expect(await readdir(backup)).toContain("PG_VERSION");
});
