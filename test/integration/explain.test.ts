import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkJsonSchema } from "../helpers/check-json-schema.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { createStackHome } from "../helpers/stack-home.ts";
import { foldText } from "../helpers/read-log-text.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

/** The three errors of the article, as its logs show them. */
const article = `WARN[0000] /home/you/mlops/docker-compose.yml: the attribute \`version\` is obsolete, it will be ignored
mlflow-1 | alembic.script.revision.ResolutionError: No such revision or branch '405de8318b3a'
mlflow-1 | alembic.util.exc.CommandError: Can't locate revision identified by '405de8318b3a'
airflow-1 | ERROR! Maximum number of retries (20) reached.
airflow-1 | connection to server at "airflow" (172.24.0.5), port 5432 failed: Connection refused
`;

/** The article's first file, as far as it tells who connects where. */
const compose = `services:
  postgres:
    image: postgres:13
    environment: [POSTGRES_USER=postgres, POSTGRES_PASSWORD=a-long-secret, POSTGRES_DB=airflow]
  airflow:
    image: apache/airflow:2.7.0
    command: webserver
    environment:
      - AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=postgresql+psycopg2://postgres:a-long-secret@airflow:5432/airflow
  mlflow:
    image: ghcr.io/mlflow/mlflow:v2.7.1
    command: mlflow server --backend-store-uri postgresql+psycopg2://postgres:a-long-secret@postgres:5432/airflow
`;

it("explains the article's errors, with the places of the Compose file and without its secrets", async () => {
  await using home = await createStackHome();
  const project = join(home.directory, "article");
  await mkdir(project);
  await writeFile(join(project, "compose.yaml"), compose);
  await writeFile(join(project, "all.log"), `${article}mlflow-1 | the secret is a-long-secret, ERROR: really\n`);

  const { exitCode, stdout } = await home.run(project, "explain", "all.log");
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^cause\[foreign-revision\]: mlflow opens .* belongs to Airflow 2\.7\.0 to 2\.7\.3\n/);
  expect(stdout).toContain("╭─ compose.yaml:12:");
  expect(stdout).toContain("cause[host-is-not-a-database]: airflow looks for PostgreSQL at airflow,");
  expect(stdout).toContain("postgres:***@airflow:5432/airflow");
  expect(stdout).toMatch(/^ +\| +\^+ airflow connects with this$|^ +│ +\^{7} airflow connects with this$/m);
  expect(stdout).toContain("bulkhead check --fix=behaviour --rule host-is-not-a-database");
  expect(stdout).toContain("Harmless:\n  the Compose file has a `version`");

  const json = await home.run(project, "explain", "--json", "all.log");
  const payload = JSON.parse(json.stdout) as { causes: { signature: string; places: { line: number }[] }[] };
  expect(checkJsonSchema("explain", payload)).toEqual([]);
  expect(payload.causes.map(({ signature, places }) => [signature, places[0]?.line])).toEqual([
    ["foreign-revision", 12],
    ["host-is-not-a-database", 9],
  ]);
  expect(stdout + json.stdout).not.toContain("a-long-secret");
});

it("reads what is piped in, says when nothing is wrong, and what it cannot read", async () => {
  await using home = await createStackHome();
  await writeFile(join(home.directory, "fine.log"), "postgres-1  | LOG:  database system is ready\n");
  await writeFile(join(home.directory, "odd.log"), "app-1 | ERROR: the flux is low\napp-1 | ERROR: lower\n");
  const bulkhead = `"${process.execPath}" "${repositoryPath("bin/bulkhead.js")}" explain`;
  const shell = (line: string) =>
    spawnSync("sh", ["-c", line], { cwd: home.directory, env: home.env, encoding: "utf8" });

  expect(shell(`cat fine.log | ${bulkhead}`)).toMatchObject({
    status: 0,
    stdout: "Nothing is wrong in standard input, as far as it is known here.\n",
  });
  const odd = shell(`${bulkhead} - <odd.log`);
  expect(odd.status).toBe(1);
  expect(odd.stdout).toContain(
    "No known failure in standard input. The first error of each service:\n\napp\n  ERROR: the flux is low",
  );
  expect(odd.stdout).not.toContain("lower");
  // An empty pipe is not asked: there is no project here either.
  expect(shell(`true | ${bulkhead}`)).toMatchObject({ status: 2, stdout: "" });
  expect(shell(`${bulkhead} nowhere.log`)).toMatchObject({ status: 2 });
  expect(shell(`${bulkhead} nowhere.log`).stderr).toContain("nowhere.log cannot be read: ENOENT");
  expect(shell(`${bulkhead} --since yesterday odd.log`)).toMatchObject({ status: 2 });
});

it("says what it waits for, and ends when it is interrupted", async () => {
  await using home = await createStackHome();
  const bulkhead = `"${process.execPath}" "${repositoryPath("bin/bulkhead.js")}" explain`;
  // A pipe that stays open: this shell has both ends of it.
  const child = spawn("sh", ["-c", `mkfifo pipe && exec 3<>pipe && exec ${bulkhead} <pipe`], {
    cwd: home.directory,
    env: home.env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    const [said] = (await once(child.stderr.setEncoding("utf8"), "data")) as [string];
    expect(said).toContain("Waiting for logs on standard input");
    child.kill("SIGINT");
    const [exitCode] = (await once(child, "exit")) as [number];
    expect(exitCode).toBe(130);
  } finally {
    child.kill("SIGKILL");
  }
});

it("reads a large log in bounded memory", async () => {
  await using home = await createStackHome();
  const log = join(home.directory, "large.log");
  const healthy = "mlflow-1 | INFO: all is well, nothing here, and nothing to find in this line\n".repeat(50);
  const piece = Buffer.from(
    `${healthy}app-1 | ERROR: x\npostgres-1 | FATAL:  role "root" does not exist\n`.repeat(500),
  );
  const file = await open(log, "w");
  for (let written = 0; written < 300e6; written += piece.length) await file.write(piece);
  await file.close();
  const report = join(home.directory, "peak");
  const hook = join(home.directory, "peak.cjs");
  await writeFile(
    hook,
    'process.on("exit", () => require("node:fs").writeFileSync(process.env.PEAK_REPORT, String(process.resourceUsage().maxRSS)));\n',
  );
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--require", hook, repositoryPath("bin/bulkhead.js"), "explain", log],
    { env: { ...home.env, PEAK_REPORT: report }, encoding: "utf8", cwd: home.directory },
  );
  expect([status, stdout.split("\n")[0]]).toEqual([1, `No known failure in ${log}. The first error of each service:`]);
  expect(Number(await readFile(report, "utf8")) / 1024).toBeLessThan(200);
});

it("knows what a real server and libpq say", async () => {
  await using server = await startTestServer(17);
  await server.createRole("app");
  await server.query("postgres", "create database mine owner app");
  await server.query(
    "mine",
    "create table theirs (i int); create table metrics (step int); grant select on theirs to app",
  );
  await server.query("mine", "create table alembic_version (version_num varchar(32)); create table dag (dag_id text)");
  await using held = await holdLock(server);

  /** What psql prints for a login or a statement, and the cause that is told for it. */
  const causeOf = async (how: { readonly sql?: string; readonly url?: string; readonly query?: string }) => {
    const { url = server.url("mine", "app"), sql = "select 1", query = "" } = how;
    const { stderr } = spawnSync(join(server.clientDirectory, "psql"), ["-X", "-c", sql, url + query], {
      env: { PGCONNECT_TIMEOUT: "5", LC_ALL: "C" },
      encoding: "utf8",
    });
    const { causes } = await foldText(`app-1 | ${stderr.trimEnd().replaceAll("\n", "\napp-1 | ")}\n`);
    return causes[0]?.signature ?? `none for: ${stderr}`;
  };
  expect(held.isHeld).toBe(true);
  expect({
    wrongPassword: await causeOf({ url: server.url("mine", "app").replace(/:[^:@]*@/, ":wrong@") }),
    database: await causeOf({ url: server.url("nowhere", "app") }),
    host: await causeOf({ url: "postgresql://app:x@no-such-host.invalid/mine" }),
    rawAtSign: await causeOf({ url: "host=x@no-such-host.invalid user=app" }),
    port: await causeOf({ url: "postgresql://app:x@127.0.0.1:1/mine" }),
    publicSchema: await causeOf({ url: server.url("postgres", "app"), sql: "create table x (i int)" }),
    noSchema: await causeOf({ query: "?options=-csearch_path%3Dnowhere", sql: "create table x (i int)" }),
    table: await causeOf({ sql: "select * from dag_run" }),
    metrics: await causeOf({ url: server.url("postgres"), sql: "alter table metrics add column step int" }),
    step: await causeOf({ url: server.url("mine"), sql: "alter table metrics add column step int" }),
    again: await causeOf({ url: server.url("mine"), sql: "create table metrics (i int)" }),
    column: await causeOf({ url: server.url("mine"), sql: "insert into alembic_version values (repeat('x', 40))" }),
    owner: await causeOf({ sql: "alter table theirs add column j int" }),
    inUse: await causeOf({ url: server.url("postgres"), sql: "create database copy template mine" }),
    lock: await causeOf({ sql: "set lock_timeout = 200; select pg_advisory_lock(1)" }),
  }).toEqual({
    wrongPassword: "password-refused",
    database: "database-missing",
    host: "unknown-host",
    rawAtSign: "unescaped-at-sign",
    port: "localhost-in-container",
    publicSchema: "schema-public-denied",
    noSchema: "no-schema-selected",
    table: "table-missing",
    metrics: "upgrade-of-empty-database",
    step: "mlflow-tables-without-row",
    again: "migration-half-done",
    column: "version-column-too-short",
    owner: "not-the-owner",
    inUse: "database-in-use",
    lock: "migration-lock-timeout",
  });
});

/** A session in `mine` that holds Airflow's migration lock until the end. */
async function holdLock(server: TestServer) {
  const session = await server.connect("mine");
  const [row] = await session.query("select pg_try_advisory_lock(1) as held");
  return { isHeld: row?.["held"], [Symbol.asyncDispose]: () => session.close() };
}
