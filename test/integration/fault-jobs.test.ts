import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, mlflowBuild } from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const checkedDatabase = `image: postgres:17
    environment:
      POSTGRES_PASSWORD: secret-of-the-job-tests
    healthcheck: {test: [CMD, pg_isready, -U, postgres]}`;

let home: StackHome;
beforeAll(async () => {
  home = await createStackHome();
});
afterAll(() => home[Symbol.asyncDispose]());

describe("one-shots", () => {
  it("are programs of their own, too, whose success another service waits for", async () => {
    const project = await createProject(
      home,
      "awaited",
      `services:
  job:
    ${mlflowBuild}
    command: [sh, -c, "sleep 2; echo done"]
  after:
    ${mlflowBuild}
    command: [sh, -c, "echo after; sleep 600"]
    stop_grace_period: 1s
    depends_on: {job: {condition: service_completed_successfully}}
`,
    );
    const up = await project.run("up");
    expect(up.exitCode).toBe(0);
    expect(up.stderr).toMatch(/job: completed[^]*after: starting/);
  });

  const text = (word: string, status = 0): string => `services:
  job:
    ${mlflowBuild}
    command: [sh, -c, "echo ran ${word}; exit ${status}"]
`;

  it("run again only when their definition changed or they failed", async () => {
    const project = await createProject(home, "jobs", text("once"));
    const runs = (): number =>
      (readFileSync(join(project.state, "logs/job.log"), "utf8").match(/^ran /gm) ?? []).length;
    expect((await project.run("up")).exitCode).toBe(0);
    const second = await project.run("up");
    expect(second.stderr).toMatch(/job: completed .*done before/);
    expect(runs()).toBe(1);
    const { services } = JSON.parse((await project.run("ps", "-a", "--json")).stdout) as { services: object[] };
    expect(services).toMatchObject([{ name: "job", state: "completed" }]);

    await project.write("compose.yaml", text("anew"));
    expect((await project.run("up")).exitCode).toBe(0);
    expect(runs()).toBe(2);

    await project.write("compose.yaml", text("badly", 5));
    const failed = await project.run("up");
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toMatch(/job exited with code 5\n\s+ran badly/);
    expect((await project.run("up")).exitCode).toBe(1);
    expect(runs()).toBe(4);
  });

  const migration = (command: string): string => `services:
  db:
    ${checkedDatabase}
    volumes: ["./init:/docker-entrypoint-initdb.d:ro"]
  migrate:
    ${mlflowBuild}
    command: ${command}
    environment:
      PGPASSWORD: secret-of-the-job-tests
      MLFLOW_BACKEND_STORE_URI: postgresql+psycopg2://postgres:secret-of-the-job-tests@db:5432/postgres
    depends_on: {db: {condition: service_healthy}}
`;

  it("a migration that fails: exit code and the lines that say why", async () => {
    // What Airflow 2.7.0 leaves in a database that MLflow then shares.
    const project = await createProject(home, "migration", {
      "compose.yaml": migration("mlflow db upgrade postgresql+psycopg2://postgres@db:5432/postgres"),
      "init/airflow.sql":
        "create table alembic_version (version_num varchar(32) primary key); insert into alembic_version values ('405de8318b3a');\n",
    });
    const result = await project.run("up");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/migrate exited with code 1\n/);
    expect(result.stderr).toMatch(/Can't locate revision identified by '405de8318b3a'/);
  });

  it("a migration that exits 0 without migrating is found out by its version row", async () => {
    const project = await createProject(home, "pretends", {
      "compose.yaml": migration(
        '[sh, -c, "mlflow db upgrade --no-such-flag postgresql+psycopg2://postgres@db:5432/postgres || true"]',
      ),
      "init/README": "nothing to run",
    });
    const result = await project.run("up");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(
      /migrate exited with 0, but the database is not migrated: .*alembic_version.* is empty or missing/,
    );
  });
});
