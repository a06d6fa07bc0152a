import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createBulkheadProject, type BulkheadProject } from "./helpers/bulkhead-project.ts";
import { startContainer } from "./helpers/container.ts";
import { docker } from "./helpers/docker.ts";

const model = {
  services: {
    db: {
      image: "postgres:17",
      environment: { POSTGRES_USER: "app", POSTGRES_PASSWORD: "first-password" },
      volumes: ["data:/var/lib/postgresql/data"],
    },
  },
  volumes: { data: {} },
};

/** A service that keeps running and is no server. */
const keeper = {
  image: "postgres:17",
  entrypoint: ["tail", "-f", "/dev/null"],
  stop_grace_period: "1s",
  environment: { POSTGRES_PASSWORD: "unused" },
};

async function ask(project: BulkheadProject, engine: "docker" | "native", query: string): Promise<string> {
  const psql = ["psql", "-U", "app", "-qAtc", query];
  return (await project.succeed("--engine", engine, "exec", "-T", "db", ...psql)).stdout.trim();
}

async function edit(project: BulkheadProject, from: string, to: string): Promise<void> {
  await writeFile(join(project.directory, "compose.yaml"), project.file.replaceAll(from, to));
}

interface Removed {
  readonly backup: string;
  readonly copies: readonly string[];
  readonly removedVolumes: readonly string[];
}

/** `down -v`, after which no volume of the project is there. */
async function takeDown(project: BulkheadProject): Promise<Removed & { readonly said: string }> {
  const { stdout, stderr } = await project.succeed("--json", "down", "-v");
  expect((await docker(["volume", "ls", "--quiet", "--filter", `name=${project.name}`])).stdout).toBe("");
  return { ...(JSON.parse(stdout) as Removed), said: stderr };
}

it("down -v dumps a stopped server though its password drifted", async () => {
  await using project = await createBulkheadProject(model);
  await project.succeed("up");
  await ask(project, "docker", "create table kept as select generate_series(1, 3) as id");
  await project.succeed("stop");
  await edit(project, "first-password", "second-password");
  const { backup, copies } = await takeDown(project);
  expect(copies).toEqual([]);
  await project.succeed("db", "restore", backup);
  await project.succeed("up");
  expect(await ask(project, "docker", "select count(*) from kept")).toBe("3");
});

it("down -v copies the data of a server that cannot start, and they come back as it says", async () => {
  await using project = await createBulkheadProject(model);
  await project.succeed("up");
  await ask(project, "docker", "create table kept as select generate_series(1, 3) as id");
  // Docker starts it again and again.
  await edit(
    project,
    "image: postgres:17",
    "image: postgres:17\n    restart: always\n    command: -c no_such_setting=1",
  );
  const failed = await project.bulkhead("up", "--no-check");
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toContain("no_such_setting");
  const { backup, copies, said } = await takeDown(project);
  expect(copies).toEqual([backup]);
  expect(backup).toMatch(/\.db\.data$/);
  expect((await stat(backup)).mode & 0o777).toBe(0o700);
  expect(said).toContain("db does not start, so its data directory was copied as it is");

  const [, way = ""] = /To use it: (docker compose create .*)$/m.exec(said) ?? [];
  expect(way).toContain(backup);
  await edit(project, "", "");
  for (const command of way.split(" && ")) {
    const result = await project.compose(...command.split(" ").slice(2));
    expect(result.exitCode, result.stderr).toBe(0);
  }
  await project.succeed("up");
  expect(await ask(project, "docker", "select count(*) from kept")).toBe("3");
});

it("down -v copies the data of a service that is no longer in the file", async () => {
  await using project = await createBulkheadProject(model);
  await project.succeed("up");
  await ask(project, "docker", "create table kept as select generate_series(1, 3) as id");
  const renamed = project.file.replace("db:", "renamed:");
  // Another service with the same data: it is the one that is asked, and never beside the old one.
  await writeFile(join(project.directory, "compose.yaml"), renamed);
  const shared = await project.succeed("--json", "db", "backup");
  expect(JSON.parse(shared.stdout)).toMatchObject({
    databases: [{ server: "renamed", tables: 1, rows: 3 }],
    copies: [],
  });
  expect(shared.stderr).toContain("no longer in the file");
  await project.succeed("up");
  expect((await project.succeed("exec", "-T", "renamed", "psql", "-U", "app", "-Atc", "table kept")).stdout).toBe(
    "1\n2\n3\n",
  );
  await writeFile(
    join(project.directory, "compose.yaml"),
    renamed.replaceAll("data", "other").replace("renamed:", "third:"),
  );
  const { stdout, stderr } = await project.succeed("--json", "down", "-v");
  // Compose keeps what no service has: it is said, and not counted as removed.
  expect(stderr).toContain(`docker volume rm ${project.name}_data`);
  expect((await docker(["volume", "rm", `${project.name}_data`])).exitCode).toBe(0);
  const { copies, removedVolumes } = JSON.parse(stdout) as Removed;
  expect(removedVolumes).toEqual([]);
  // Two old containers have it: one copy.
  expect(copies).toEqual([expect.stringMatching(/\.(db|renamed)\.data$/)]);
  expect(await readdir(copies[0] ?? "")).toContain("PG_VERSION");
});

it("down -v copies a cluster in a volume of a service that is no server, and leaves what no service has", async () => {
  await using project = await createBulkheadProject({
    services: { ...model.services, keeper: { ...keeper, volumes: ["spare:/spare"] } },
    volumes: { data: {}, spare: {} },
  });
  await project.succeed("up");
  await ask(project, "docker", "create table kept as select generate_series(1, 3) as id");
  // The server begins anew elsewhere, its former volume is another service's.
  const { db } = model.services;
  const moved = {
    services: {
      db: { ...db, volumes: ["other:/var/lib/postgresql/data"] },
      keeper: { ...keeper, volumes: ["data:/kept:ro"] },
    },
    volumes: { data: {}, other: {}, spare: {} },
  };
  await writeFile(join(project.directory, "compose.yaml"), JSON.stringify(moved));
  await project.succeed("up");
  const spare = `${project.name}_spare`;
  const { stdout, stderr } = await project.succeed("--json", "down", "-v");
  const { backup, copies, removedVolumes } = JSON.parse(stdout) as Removed;
  expect(backup).toMatch(/\.tar$/);
  expect(removedVolumes.toSorted()).toEqual([`${project.name}_data`, `${project.name}_other`]);
  expect(stderr).toContain(`Left in Docker: volume ${spare}, `);
  expect((await docker(["volume", "rm", spare])).exitCode).toBe(0);

  expect(copies).toEqual([expect.stringMatching(new RegExp(`\\.${project.name}_data\\.data$`))]);
  await using server = await startContainer("postgres:17", {
    options: ["--volume", `${copies[0]}:/var/lib/postgresql/data`],
  });
  await server.waitForExec("psql", "-h", "127.0.0.1", "-U", "app", "-c", "select 1");
  expect((await server.exec("psql", "-U", "app", "-qAtc", "select count(*) from kept")).stdout.trim()).toBe("3");
});

it("a backup of one engine comes back under the other, in one file and in several", async () => {
  await using project = await createBulkheadProject(model);
  const bulk = (rows: number): string =>
    `create table kept as select n, repeat(md5(n::text), 8) as text from generate_series(1, ${rows}) n`;
  const sum = "select count(*) || ' ' || sum(hashtext(text)) from kept";
  await project.succeed("--engine", "native", "up");
  await ask(project, "native", bulk(100_000));
  const before = await ask(project, "native", sum);
  await project.succeed("--engine", "native", "db", "backup", "--out", "native.tar");
  await project.succeed("--engine", "native", "stop");
  // Large enough that two jobs write it, each table of its own file.
  expect((await readFile(join(project.directory, "native.tar"))).includes("databases/1/toc.dat")).toBe(true);
  const list = await project.succeed("--engine", "docker", "db", "restore", "native.tar");
  expect(list.stdout).toContain("100,000 rows");
  await project.succeed("up");
  expect(await ask(project, "docker", sum)).toBe(before);
  expect((await project.succeed("exec", "-T", "db", "ls", "/tmp")).stdout).toBe("");

  await project.succeed("db", "backup", "--out", "docker.tar", "--verify");
  await project.succeed("stop");
  await project.succeed("--engine", "native", "db", "restore", "docker.tar");
  await project.succeed("--engine", "native", "up");
  expect(await ask(project, "native", sum)).toBe(before);
});
