import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createProject, type FaultProject } from "../helpers/fault-project.ts";
import { killAtStep } from "../helpers/kill-at-step.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

// Only what hangs takes so long.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** Two servers and the applications of the article, of which none ever runs here. */
const compose = `services:
  postgres: &server
    image: postgres:17
    environment: {POSTGRES_PASSWORD: of-the-split-tests, POSTGRES_DB: shared}
    volumes: ["./dump:/dump:ro"]
    healthcheck: {test: pg_isready -h 127.0.0.1 -U postgres}
  other-db:
    <<: *server
    environment: {POSTGRES_PASSWORD: of-the-split-tests, POSTGRES_DB: wiki}
  airflow:
    image: apache/airflow:2.7.0-python3.9
    command: webserver
    environment: {AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql+psycopg2://postgres:of-the-split-tests@postgres/shared"}
  mlflow:
    image: mlflow/mlflow:2.7.1
    command: mlflow server --backend-store-uri postgresql+psycopg2://postgres:of-the-split-tests@postgres/shared
`;

let home: StackHome;
let project: FaultProject;
beforeAll(async () => {
  home = await createStackHome();
  const dump = await promisify(gunzip)(
    await readFile(repositoryPath("test/fixtures/databases/collided-airflow-row-2.7.sql.gz")),
  );
  project = await createProject(home, "collided", { "compose.yaml": compose, "dump/collided.sql": dump.toString() });
  await succeed("up", "--no-check", "postgres", "other-db");
  const file = ["-v", "ON_ERROR_STOP=1", "-f", "/dump/collided.sql"];
  await succeed("exec", "postgres", "psql", "-XqU", "postgres", "-d", "shared", ...file);
});
afterAll(() => home[Symbol.asyncDispose]());

async function succeed(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await project.run(...args);
  expect(exitCode === 0 ? "" : `${args.join(" ")}\n${stdout}${stderr}`).toBe("");
  return stdout;
}

const ask = async (service: string, database: string, query: string): Promise<string> =>
  (await succeed("exec", service, "psql", "-U", "postgres", "-d", database, "-Atc", query)).trim();
const listDatabases = (service: string): Promise<string> =>
  ask(service, "postgres", "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE NOT datistemplate");

it("--to-server refuses a service that is no PostgreSQL server, and a server where the name is taken", async () => {
  const refusal = async (name: string): Promise<string> => {
    const { exitCode, stderr } = await project.run("db", "split", "--to-server", name);
    expect(exitCode).toBe(1);
    return stderr;
  };
  expect(await refusal("airflow")).toContain("airflow is a service of this project and no PostgreSQL server.");
  await ask("other-db", "postgres", "CREATE DATABASE mlflow");
  expect(await refusal("other-db")).toContain("There is a database mlflow on other-db already.");
  await ask("other-db", "postgres", "DROP DATABASE mlflow");
  await ask("other-db", "postgres", "CREATE ROLE mlflow");
  expect(await refusal("other-db")).toContain("There is a role mlflow on other-db already");
  await ask("other-db", "postgres", "DROP ROLE mlflow");
  expect(await readFile(join(project.directory, "compose.yaml"), "utf8")).toBe(compose);
});

it("--to-server takes a server that is there, and --undo leaves that one as it was", async () => {
  const split = JSON.parse(await succeed("db", "split", "--to-server", "other-db", "--json")) as unknown;
  expect(split).toMatchObject({
    did: "split",
    apps: { airflow: { database: "shared" }, mlflow: { database: "mlflow", revision: "7f2a7d5fae7d" } },
  });
  expect(await listDatabases("other-db")).toBe("mlflow postgres wiki");
  const owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'";
  expect(await ask("other-db", "mlflow", owners)).toBe("mlflow");
  expect(await ask("other-db", "mlflow", "SELECT count(*) FROM experiments")).not.toBe("0");
  const edited = await readFile(join(project.directory, "compose.yaml"), "utf8");
  expect(edited).toContain("@other-db:5432/mlflow");
  expect(await ask("postgres", "shared", "SELECT to_regclass('public.experiments') IS NULL")).toBe("t");

  await succeed("db", "split", "--undo");
  expect(await listDatabases("other-db")).toBe("postgres wiki");
  expect(await ask("other-db", "postgres", "SELECT count(*) FROM pg_roles WHERE rolname = 'mlflow'")).toBe("0");
  expect(await listDatabases("postgres")).toBe("postgres shared");
  expect(await readFile(join(project.directory, "compose.yaml"), "utf8")).toBe(compose);
});

it("a split that was killed is told by up and by db split; --resume ends it, --undo removes its new server", async () => {
  const killed = await killAtStep(
    home,
    project.directory,
    { title: "copy mlflow to", outcome: "running" },
    "db",
    "split",
  );
  expect(killed).toBe(true);
  for (const command of [
    ["up", "--no-check", "postgres"],
    ["db", "split"],
  ]) {
    const refused = await project.run(...command);
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain("Carry it on with: bulkhead db split --resume");
    expect(refused.stderr).toContain("Or put it back with: bulkhead db split --undo");
  }
  const resumed = JSON.parse(await succeed("db", "split", "--resume", "--json")) as unknown;
  expect(resumed).toMatchObject({ did: "split", apps: { mlflow: { database: "mlflow", revision: "7f2a7d5fae7d" } } });
  await succeed("db", "split", "--undo");
  expect(await listDatabases("postgres")).toBe("postgres shared");
  expect(await readFile(join(project.directory, "compose.yaml"), "utf8")).toBe(compose);
});

it("--app names who leaves, --to-server what its new server is called, and --finish ends it", async () => {
  const split = JSON.parse(
    await succeed("db", "split", "--app", "airflow", "--to-server", "airflow-db", "--json"),
  ) as unknown;
  expect(split).toMatchObject({
    did: "split",
    apps: { airflow: { database: "airflow" }, mlflow: { database: "shared" } },
    plan: {
      sides: [
        { part: "mlflow", stays: true },
        { part: "airflow", service: "airflow-db" },
      ],
    },
  });
  const edited = await readFile(join(project.directory, "compose.yaml"), "utf8");
  expect(edited).toContain("@airflow-db:5432/airflow");
  expect(await listDatabases("postgres")).toBe("postgres shared shared_before_split");
  const again = await project.run("db", "split");
  expect(again.stdout).toContain("Nothing has to be separated in");
  await succeed("db", "split", "--finish");
  expect(await listDatabases("postgres")).toBe("postgres shared");
});
