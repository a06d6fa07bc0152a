import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readManifest } from "../helpers/database-states.ts";
import { createProject, type FaultProject } from "../helpers/fault-project.ts";
import { killAtStep } from "../helpers/kill-at-step.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

// Only what hangs takes so long.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** An MLflow before 3.6 whose users are in the database of its runs; it never runs here. */
const compose = `services:
  postgres:
    image: postgres:17
    environment: {POSTGRES_USER: tracking, POSTGRES_PASSWORD: of-the-split-tests, POSTGRES_DB: shared}
    volumes: ["./dump:/dump:ro"]
    healthcheck: {test: pg_isready -h 127.0.0.1 -U tracking -d shared}
  mlflow:
    image: ghcr.io/mlflow/mlflow:v2.22.0-full
    command: mlflow server --app-name basic-auth --backend-store-uri postgresql+psycopg2://tracking:of-the-split-tests@postgres/shared
    environment: {MLFLOW_AUTH_CONFIG_PATH: /mlflow/basic_auth.ini}
    volumes: ["./basic_auth.ini:/mlflow/basic_auth.ini:ro"]
    depends_on: {postgres: {condition: service_healthy}}
`;
const users = `# Who may do what.\r
[mlflow]\r
default_permission = READ\r
database_uri = postgresql+psycopg2://tracking:of-the-split-tests@postgres/shared\r
admin_username = admin\r
`;
const recording = "collided-auth-2.22.0";
const { rows } = readManifest(recording);
/** The revision of MLflow 2.22.0, whose row the users' own took the place of. */
const [runsRevision = ""] = readManifest("mlflow-2.22.0").versionTables["alembic_version"] ?? [];

let home: StackHome;
let project: FaultProject;
beforeAll(async () => {
  home = await createStackHome();
  const dump = await promisify(gunzip)(await readFile(repositoryPath(`test/fixtures/databases/${recording}.sql.gz`)));
  project = await createProject(home, "users", {
    "compose.yaml": compose,
    "basic_auth.ini": users,
    "dump/collided.sql": dump.toString(),
  });
  await chmod(join(project.directory, "basic_auth.ini"), 0o640);
  await succeed("up", "--no-check", "postgres");
  const file = ["-v", "ON_ERROR_STOP=1", "-f", "/dump/collided.sql"];
  await succeed("exec", "postgres", "psql", "-XqU", "tracking", "-d", "shared", ...file);
});
afterAll(() => home[Symbol.asyncDispose]());

async function succeed(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await project.run(...args);
  expect(exitCode === 0 ? "" : `${args.join(" ")}\n${stdout}${stderr}`).toBe("");
  return stdout;
}

const read = (file: string): Promise<string> => readFile(join(project.directory, file), "utf8");
const ask = async (database: string, query: string): Promise<string> =>
  (await succeed("exec", "postgres", "psql", "-U", "tracking", "-d", database, "-Atc", query)).trim();
const listDatabases = (): Promise<string> =>
  ask("postgres", "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE NOT datistemplate");
const count = async (database: string, table: string): Promise<number> =>
  Number(await ask(database, `SELECT count(*) FROM ${table}`));
const findRules = async (): Promise<readonly string[]> => {
  const { stdout } = await project.run("check", "--json");
  const { findings } = JSON.parse(stdout) as { findings: { rule: string }[] };
  return findings.map(({ rule }) => rule).toSorted();
};

async function expectNothingChanged(): Promise<void> {
  expect(await read("compose.yaml")).toBe(compose);
  expect(await read("basic_auth.ini")).toBe(users);
  expect(await listDatabases()).toBe("postgres shared");
  expect(await ask("shared", "SELECT version_num FROM alembic_version")).toBe("8606fa83a998");
}

it("the users go to a database of their own, the file names it, and --undo puts both back", async () => {
  const found = await findRules();
  expect(found).toContain("mlflow-auth-shares-database");
  expect(JSON.parse(await succeed("db", "split", "--json"))).toMatchObject({
    did: "split",
    apps: {
      mlflow: { database: "shared", revision: runsRevision },
      "mlflow-auth": { database: "shared_auth", revision: "8606fa83a998" },
    },
  });
  expect(await listDatabases()).toBe("postgres shared shared_auth shared_before_split");
  expect(await ask("shared", "SELECT version_num FROM alembic_version")).toBe(runsRevision);
  expect(await ask("shared_auth", "SELECT version_num FROM alembic_version")).toBe("8606fa83a998");
  expect(await count("shared", "metrics")).toBe(rows["metrics"]);
  expect(await count("shared_auth", "users")).toBe(rows["users"]);
  expect(await count("shared_auth", "experiment_permissions")).toBe(rows["experiment_permissions"]);
  expect(await ask("shared", "SELECT to_regclass('public.users') IS NULL")).toBe("t");
  expect(await ask("shared_auth", "SELECT to_regclass('public.runs') IS NULL")).toBe("t");

  expect(await read("basic_auth.ini")).toBe(users.replace("@postgres/shared\r", "@postgres/shared_auth\r"));
  expect((await stat(join(project.directory, "basic_auth.ini"))).mode & 0o777).toBe(0o640);
  expect(await findRules()).toEqual(found.filter((rule) => rule !== "mlflow-auth-shares-database"));
  // The job of another start finds what the split made.
  await succeed("up", "--no-check", "postgres-shared_auth-database");
  expect(await count("shared_auth", "users")).toBe(rows["users"]);
  expect((await project.run("db", "split")).stdout).toContain("Nothing has to be separated in");

  await succeed("db", "split", "--undo");
  await expectNothingChanged();
});

it("killed at the edit of the files, --resume ends it and --undo puts it back", async () => {
  const step = { title: "basic_auth.ini", outcome: "running" } as const;
  expect(await killAtStep(home, project.directory, step, "db", "split")).toBe(true);
  // Just before its edit or just after: whole in any case.
  const edited = users.replace("@postgres/shared\r", "@postgres/shared_auth\r");
  expect([users, edited]).toContain(await read("basic_auth.ini"));
  expect(JSON.parse(await succeed("db", "split", "--resume", "--json"))).toMatchObject({ did: "split" });
  expect(await read("basic_auth.ini")).toBe(edited);
  await succeed("db", "split", "--undo");
  await expectNothingChanged();
});

it("a file outside of the project is not edited: nothing is separated, and it says why", async () => {
  const outside = join(project.directory, "../basic_auth.ini");
  await writeFile(outside, users);
  await project.write("compose.yaml", compose.replace('"./basic_auth.ini:', '"../basic_auth.ini:'));
  const { exitCode, stdout, stderr } = await project.run("db", "split");
  await project.write("compose.yaml", compose);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain("cannot be edited so that mlflow-auth gets a database of its own");
  expect(stderr).toContain("bulkhead check --rule mlflow-auth-shares-database");
  expect(await readFile(outside, "utf8")).toBe(users);
  await expectNothingChanged();
});
