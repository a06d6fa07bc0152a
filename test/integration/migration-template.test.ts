import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProgressEvent } from "../../src/core/event.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { isSqlFailure, type SqlRow, type SqlTarget } from "../../src/ports/sql.ts";
import { findEmptyDatabase } from "../../src/stack/find-empty-database.ts";
import { migrationTemplate, type MigrationTemplate, type TemplateRequest } from "../../src/stack/migration-template.ts";
import { cacheDirectory } from "../../src/supply/cache-directory.ts";
import { ensurePostgresClients } from "../../src/supply/ensure-postgres-clients.ts";
import type { PostgresClients } from "../../src/supply/supply.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const io = createNodePorts();
const events: ProgressEvent[] = [];
let home: StackHome;
let clients: PostgresClients;
let server: SqlTarget;

const compose = `
services:
  db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: secret, POSTGRES_USER: app }
    ports: ["5432"]
`;

beforeAll(async () => {
  home = await createStackHome();
  const project = join(home.directory, "templates-test");
  await mkdir(project);
  await writeFile(join(project, "compose.yaml"), compose);
  home.onEndBringDown(project);
  const up = await home.run(project, "up", "--auto-ports", "--json");
  const { access } = JSON.parse(up.stdout) as { access: { url: string }[] };
  const port = Number(/:(\d+)/.exec(access[0]?.url ?? "")?.[1]);
  server = { host: "127.0.0.1", port, user: "app", password: "secret", database: "app" };
  const { signal } = new AbortController();
  const context = { io, cache: cacheDirectory(io.host), resources: "", unitUser: { uid: 0, gid: 0 }, signal };
  clients = await ensurePostgresClients({ ...context, emit: () => undefined }, 17);
});

afterAll(() => home[Symbol.asyncDispose]());

/** A new database in which these statements ran. */
async function databaseOf(name: string, ...statements: readonly string[]): Promise<SqlTarget> {
  await query(server, `create database ${name}`);
  const target = { ...server, database: name };
  for (const statement of statements) await query(target, statement);
  return target;
}

async function query(target: SqlTarget, text: string): Promise<readonly SqlRow[]> {
  const session = await io.sql.connect(target);
  if (isSqlFailure(session)) throw new Error(session.reason);
  try {
    return await session.query(text);
  } finally {
    await session.close();
  }
}

function templateOf(
  product: "airflow" | "mlflow",
  target: SqlTarget,
  more: Partial<TemplateRequest> = {},
): MigrationTemplate {
  return migrationTemplate({
    io,
    cache: join(home.directory, "cache"),
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    product,
    version: "1.0.0",
    plan: { command: [product], settings: [] },
    environmentKey: "packages",
    clients,
    serverMajor: 17,
    encoding: "UTF8",
    target,
    ...more,
  });
}

const mlflowTables = [
  "create table alembic_version (version_num text)",
  "insert into alembic_version values ('head')",
  "create table experiments (id serial primary key, artifact_location text)",
  "create table runs (id text, experiment_id int references experiments)",
];

const airflowTables = [
  "create table alembic_version (version_num text)",
  "insert into alembic_version values ('head')",
  "create table slot_pool (id serial primary key, pool text, description text)",
  "insert into slot_pool (pool, description) values ('default_pool', 'Default pool')",
  "create table ab_user (id serial primary key, username text)",
  "create table trigger (id serial primary key)",
];

describe("a template of MLflow's tables", () => {
  it("is as before the first start: no experiment, no number taken", async () => {
    const used = await databaseOf(
      "mlflow_used",
      ...mlflowTables,
      "insert into experiments values (0, '/first/project')",
      "select setval('experiments_id_seq', 7)",
    );
    await templateOf("mlflow", used).capture();
    const next = await databaseOf("mlflow_next");
    expect(await findEmptyDatabase(io.sql, next)).toEqual({ encoding: "UTF8" });
    expect(await templateOf("mlflow", next).restore()).toBe(true);
    expect(await query(next, "select * from alembic_version")).toEqual([{ version_num: "head" }]);
    expect(await query(next, "insert into experiments default values returning *")).toEqual([
      { id: 1, artifact_location: null },
    ]);
    expect(await findEmptyDatabase(io.sql, next)).toBeUndefined();
    // The first project's own rows are where they were.
    expect(await query(used, "select * from experiments")).toEqual([{ id: 0, artifact_location: "/first/project" }]);
  });

  it("is not kept once somebody logged a run", async () => {
    const used = await databaseOf("mlflow_runs", ...mlflowTables, "insert into runs values ('r')");
    const template = templateOf("mlflow", used, { version: "2.0.0" });
    await template.capture();
    expect(await template.exists()).toBe(false);
  });
});

describe("a template of Airflow's tables", () => {
  it("has the default pool and no users", async () => {
    const used = await databaseOf("airflow_used", ...airflowTables, "insert into ab_user (username) values ('admin')");
    await templateOf("airflow", used).capture();
    const next = await databaseOf("airflow_next");
    expect(await templateOf("airflow", next).restore()).toBe(true);
    expect(await query(next, "insert into ab_user (username) values ('other') returning id")).toEqual([{ id: 1 }]);
    expect(await query(next, "insert into slot_pool (pool) values ('mine') returning id")).toEqual([{ id: 2 }]);
  });

  it.each([
    ["a pool of the project", "insert into slot_pool (pool, description) values ('mine', '')"],
    ["a changed default pool", "update slot_pool set description = 'changed'"],
    ["rows in a table nobody expects", "insert into trigger default values"],
  ])("is not kept with %s", async (name, statement) => {
    const used = await databaseOf(`airflow_${name.replaceAll(" ", "_")}`, ...airflowTables, statement);
    const template = templateOf("airflow", used, { version: name.replaceAll(" ", "-") });
    await template.capture();
    expect(await template.exists()).toBe(false);
  });

  it("belongs to one set of packages, settings, server and encoding", async () => {
    const used = await databaseOf("airflow_key", ...airflowTables);
    await templateOf("airflow", used, { version: "3.0.0" }).capture();
    const others: readonly Partial<TemplateRequest>[] = [
      { environmentKey: "others" },
      { plan: { command: ["airflow"], settings: ["AIRFLOW__CORE__AUTH_MANAGER=x"] } },
      { plan: { command: ["airflow", "db", "init"], settings: [] } },
      { serverMajor: 16 },
      { encoding: "LATIN1" },
    ];
    const found = others.map((other) => templateOf("airflow", used, { version: "3.0.0", ...other }).exists());
    expect(await Promise.all(found)).toEqual(others.map(() => false));
    expect(await templateOf("airflow", used, { version: "3.0.0" }).exists()).toBe(true);
  });
});

it("a template that does not load leaves the database empty and is said", async () => {
  const target = await databaseOf("broken_source", ...mlflowTables);
  await templateOf("mlflow", target, { version: "9.0.0" }).capture();
  const directory = join(home.directory, "cache", "templates");
  const name = (await readdir(directory)).find((one) => one.startsWith("mlflow-9.0.0")) ?? "";
  await writeFile(join(directory, name), "create table half (a int);\nselect * from nothing;\n");
  const next = await databaseOf("broken_next");
  expect(await templateOf("mlflow", next, { version: "9.0.0" }).restore()).toBe(false);
  expect(await findEmptyDatabase(io.sql, next)).toEqual({ encoding: "UTF8" });
  expect(events).toMatchObject([{ type: "note", message: expect.stringContaining('"nothing" does not exist') }]);
});
