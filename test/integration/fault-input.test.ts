import { createServer } from "node:net";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, freePort } from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const database = `image: postgres:17
    environment:
      POSTGRES_PASSWORD: secret-of-the-input-tests`;

let home: StackHome;
beforeAll(async () => {
  home = await createStackHome();
});
afterAll(() => home[Symbol.asyncDispose]());

describe("bad input, told once and clearly", () => {
  it("no Compose file: where it looked, exit 2", async () => {
    const directory = join(home.directory, "empty");
    await mkdir(directory);
    const result = await home.run(directory, "up");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(directory);
    expect(result.stderr).toMatch(/compose\.yaml/);
    expect(result.stderr).toMatch(/bulkhead init/);
  });

  it("a YAML error: file, line and column, exit 2", async () => {
    const project = await createProject(home, "yaml", "services:\n  db:\n    image: postgres:17\n   ports: [1\n");
    const result = await project.run("up");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/compose\.yaml:4:\d+/);
    const json = JSON.parse((await project.run("up", "--json")).stdout) as {
      errors: { code: string }[];
      exitCode: number;
    };
    expect(json.exitCode).toBe(2);
    expect(json.errors.map((error) => error.code)).toEqual(["COMPOSE_INVALID"]);
  });

  it("images that native cannot run: each service with its reason; --without goes on with the rest", async () => {
    const project = await createProject(home, "foreign", {
      "compose.yaml": `
services:
  db:
    ${database}
  cache:
    image: redis:7
  worker:
    image: ghcr.io/mlflow/mlflow:v3.17.2
    command: mlflow --version
    depends_on: [cache]
  tools:
    build: ./tools
`,
      "tools/Dockerfile": "FROM apache/airflow:3.3.2\nUSER root\nRUN apt-get update && apt-get install -y git\n",
    });
    const refused = await project.run("up");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/cache: image redis:7 is not in the catalog/);
    expect(refused.stderr).toMatch(/tools: .*tools\/Dockerfile:3: .*apt-get/);
    expect(refused.stderr).toContain("worker depends on cache");
    expect(refused.stderr).toContain("bulkhead up --without cache --without tools");

    const rest = await project.run("up", "--without", "cache", "--without", "tools", "--json");
    expect(rest.exitCode).toBe(0);
    const { services } = JSON.parse(rest.stdout) as { services: { name: string; state: string }[] };
    // worker depends on cache: it is left out with it, and that is said.
    expect(services.map(({ name, state }) => `${name} ${state}`)).toEqual(["db ready"]);
    expect(rest.stderr).toMatch(/worker.*cache/);
  });

  it("a version that never was: named, exit 2", async () => {
    const project = await createProject(
      home,
      "version",
      "services:\n  ml:\n    image: ghcr.io/mlflow/mlflow:v3.99.0\n    command: mlflow --version\n",
    );
    const result = await project.run("up");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/3\.99\.0/);
    expect(result.stderr).toMatch(/error: /);
    expect(result.stderr).not.toContain("bug:");
  });

  it("a service nobody wrote: the names there are, exit 2", async () => {
    const project = await createProject(home, "unknown", `services:\n  db:\n    ${database}\n`);
    const result = await project.run("up", "databse");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/databse.*db/);
  });

  it("a taken port: service, port, program and pid before anything starts; --auto-ports moves on and says so", async () => {
    const port = await freePort();
    const holder = createServer();
    await new Promise<void>((done) => holder.listen(port, "127.0.0.1", done));
    try {
      const project = await createProject(
        home,
        "taken",
        `services:\n  db:\n    ${database}\n    ports: ["127.0.0.1:${port}:5432"]\n`,
      );
      const refused = await project.run("up");
      expect(refused.exitCode).toBe(2);
      expect(refused.stderr).toContain(`Port ${port}, published by db, is taken by `);
      expect(refused.stderr).toContain(`(pid ${process.pid})`);
      expect(refused.stderr).toContain("bulkhead up --auto-ports");
      expect(refused.stderr).not.toMatch(/db: starting/);

      const moved = await project.run("up", "--auto-ports");
      expect(moved.exitCode).toBe(0);
      expect(moved.stderr).toMatch(new RegExp(`Port ${port} .*is taken; \\d+ is used instead`));
      const pid = await project.pid("db");
      // It runs elsewhere now; a plain `up` leaves it there.
      const again = await project.run("up");
      expect(again.exitCode).toBe(0);
      expect(await project.pid("db")).toBe(pid);
    } finally {
      holder.close();
    }
  });

  it("data of another major: both majors, exit 2, the data untouched", async () => {
    const project = await createProject(
      home,
      "major",
      `services:\n  db:\n    ${database}\n    volumes: ["./data:/var/lib/postgresql/data"]\n`,
    );
    await mkdir(join(project.directory, "data"));
    await writeFile(join(project.directory, "data/PG_VERSION"), "15\n");
    const result = await project.run("up");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/db.*PostgreSQL 15.*17/);
    expect(result.stderr).toMatch(/postgres:15/);
  });

  it("a password changed after the volume was made: exit 1, which one, and how to set it", async () => {
    const project = await createProject(home, "drift", {
      "compose.yaml":
        "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD:?}\n",
      ".env": "DB_PASSWORD=first-password-of-the-volume\n",
    });
    expect((await project.run("up")).exitCode).toBe(0);
    await project.write(".env", "DB_PASSWORD=second-password-of-the-volume\n");
    const result = await project.run("up");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/db refuses the password.*DB_PASSWORD/);
    expect(result.stderr).toContain("bulkhead exec db psql");
    expect(result.stdout + result.stderr).not.toMatch(/(first|second)-password/);
    // The way out that it names works without a password.
    const repaired = await project.run(
      "exec",
      "db",
      "psql",
      "-c",
      "alter role postgres password 'second-password-of-the-volume'",
    );
    expect(repaired.exitCode).toBe(0);
    expect((await project.run("up")).exitCode).toBe(0);
  });

  it("another directory with the same project name: both paths, exit 2", async () => {
    const first = await createProject(home, "shared", `services:\n  db:\n    ${database}\n`);
    expect((await first.run("up")).exitCode).toBe(0);
    const second = await createProject(home, "elsewhere", `name: shared\nservices:\n  db:\n    ${database}\n`);
    for (const verb of ["up", "down", "ps"]) {
      const result = await second.run(verb);
      expect(result.exitCode).toBe(2);
      expect(result.stderr).toContain(first.directory);
      expect(result.stderr).toContain(second.directory);
      expect(result.stderr).toContain("-p ");
    }
    await second.write("compose.yaml", `services:\n  db:\n    ${database}\n`);
  });
});
