import { chmod, mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { isSqlFailure } from "../../src/ports/sql.ts";
import { checkJsonSchema } from "../helpers/check-json-schema.ts";
import { createDoctor, type Doctor } from "../helpers/doctor.ts";
import { createProject, freePort, type FaultProject } from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

/** Only the server is started: what applications keep there is looked at as their roles. */
const compose = (port: number): string => `services:
  db:
    image: postgres:17
    command: -c max_connections=30 -c wal_level=replica
    environment: {POSTGRES_USER: admin, POSTGRES_PASSWORD: "\${ADMIN_PASSWORD:?}", POSTGRES_DB: airflow}
    volumes: ["data:/var/lib/postgresql/data", "./init:/docker-entrypoint-initdb.d"]
    ports: ["127.0.0.1:${port}:5432"]
  airflow:
    image: apache/airflow:3.3.2
    command: scheduler
    environment:
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: postgresql+psycopg2://airflow:\${AIRFLOW_PASSWORD:?}@db/airflow
    volumes: ["./logs:/opt/airflow/logs", "./dags:/opt/airflow/dags"]
  mlflow:
    image: ghcr.io/mlflow/mlflow:v3.17.2
    command: mlflow server --host 0.0.0.0
    environment:
      MLFLOW_BACKEND_STORE_URI: postgresql+psycopg2://mlflow:\${MLFLOW_PASSWORD:?}@db/mlflow
volumes: {data: {}}
`;

const init = `create role airflow login password 'first-airflow';
create role mlflow login password 'first-mlflow';
create database mlflow;
alter database airflow owner to airflow;
`;

const variables = (airflow: string, admin = "first-admin"): string =>
  `ADMIN_PASSWORD=${admin}\nAIRFLOW_PASSWORD=${airflow}\nMLFLOW_PASSWORD=first-mlflow\n`;

const ofAirflow = "airflow: airflow@db:5432/airflow";
const ofAdmin = "db: admin@db:5432/airflow";
const ofMlflow = "mlflow: mlflow@db:5432/mlflow";

let home: StackHome;
let project: FaultProject;
let doctor: Doctor;
let port: number;
beforeAll(async () => {
  home = await createStackHome();
  port = await freePort();
  project = await createProject(home, "doctor", {
    "compose.yaml": compose(port),
    "init/roles.sql": init,
    ".env": variables("first-airflow"),
    "dags/a.py": 'PLACE = "/opt/airflow/data/in.csv"\n',
  });
  doctor = createDoctor({ ...project, env: home.env });
  const up = await project.run("up", "--no-check", "db");
  if (up.exitCode !== 0) throw new Error(up.stderr);
});
afterAll(() => home[Symbol.asyncDispose]());

const sql = async (text: string, database = "postgres"): Promise<string> => {
  const { exitCode, stdout, stderr } = await project.run(
    "exec",
    "db",
    "psql",
    "-U",
    "admin",
    "-d",
    database,
    "-Atc",
    text,
  );
  if (exitCode !== 0) throw new Error(stderr);
  return stdout.trim();
};

it("tells in one line each what works, and starts nothing that does not run", async () => {
  const report = await doctor.look();
  expect(checkJsonSchema("doctor", report.payload)).toEqual([]);
  expect(report.payload).toMatchObject({ project: "doctor", engine: "native", fixed: [] });
  const told = Object.fromEntries(
    report.payload.checks.map((row) => [`${row.title} ${row.subject ?? ""}`.trim(), row.outcome]),
  );
  expect(told).toMatchObject({
    "Engine native": "ok",
    "Python uv": "ok",
    "Python airflow 3.3.2": "ok",
    "Clock this machine": "ok",
    "Clock db": "ok",
    "Service db": "ok",
    "Service airflow": "unknown",
    "PostgreSQL db": "ok",
    "Sessions db": "ok",
    "Write-ahead log db": "ok",
    [`Connection ${ofAirflow}`]: "ok",
    [`Connection ${ofAdmin}`]: "ok",
    "Migration airflow": "unknown",
    "Heartbeat airflow": "unknown",
    "Paths in DAGs airflow": "warn",
    "Artifacts mlflow": "unknown",
  });
  expect((await doctor.row("native-paths", "airflow")).fact).toContain("dags/a.py:1 (/opt/airflow/data/in.csv)");
  for (const { outcome, fact } of report.payload.checks) expect([outcome, fact === ""]).toEqual([outcome, false]);
  const { stdout } = await project.run("ps", "--json");
  expect((JSON.parse(stdout) as { services: { name: string }[] }).services.map(({ name }) => name)).toEqual(["db"]);
});

describe("a password that was changed in .env only", () => {
  const drift = (password: string): Promise<void> => project.write(".env", variables(password));

  it("is set by the command that is told, at the server, with all data there", async () => {
    await sql("create table kept as select 1 as one", "airflow");
    await drift("second-airflow");
    const row = await doctor.row("logins", ofAirflow);
    expect(row).toMatchObject({
      outcome: "fail",
      fact: "db refuses the password that AIRFLOW__DATABASE__SQL_ALCHEMY_CONN holds for airflow: the volume keeps the one it was made with",
      fixable: true,
    });
    const [fix, command = ""] = (row.cure ?? "").split("\n");
    expect(fix).toBe("bulkhead doctor --fix");
    // Nobody else is kept from answering.
    expect((await doctor.row("logins", ofMlflow)).fact).not.toContain("password");
    expect((await doctor.row("migrations", "airflow")).outcome).toBe("unknown");
    await doctor.paste(command, "second-airflow\nsecond-airflow\n");
    expect(await doctor.row("logins", ofAirflow)).toMatchObject({ outcome: "ok", fixable: false });
    expect(await sql("select one from kept", "airflow")).toBe("1");
  });

  it("is set by --fix, which then finds nothing more to do, and the server's own likewise", async () => {
    await project.write(".env", variables("third-airflow", "second-admin"));
    expect(await doctor.row("logins", ofAdmin)).toMatchObject({
      outcome: "fail",
      fact: "db refuses the password that ADMIN_PASSWORD in .env holds for admin: the volume keeps the one it was made with",
    });
    const { payload, exitCode, text } = await doctor.look("--fix");
    expect(payload.fixed).toContainEqual({
      id: "logins",
      subject: ofAirflow,
      title: "give the role airflow of db the password of the file, by ALTER ROLE",
      failure: null,
    });
    for (const one of [ofAirflow, ofAdmin]) {
      expect(payload.checks.find(({ subject }) => subject === one)).toMatchObject({ outcome: "ok" });
    }
    const again = await doctor.look("--fix");
    expect([again.payload.fixed, again.exitCode]).toEqual([[], 0]);
    expect(exitCode).toBe(0);
    const log = await readFile(join(project.state, "logs/db.log"), "utf8");
    for (const written of [text, again.text, log]) expect(written).not.toMatch(/(first|second|third)-/);
  });
});

describe("rights", () => {
  it("a schema in which a role may not create", async () => {
    // --fix above has let it: PostgreSQL 15 and later give nobody that right.
    await sql("revoke create on schema public from mlflow", "mlflow");
    const row = await doctor.row("logins", ofMlflow);
    expect(row).toMatchObject({
      outcome: "fail",
      fact: "mlflow logs in, but may not create tables in the schema public of mlflow",
    });
    await doctor.paste((row.cure ?? "").split("\n")[1] ?? "");
    expect((await doctor.row("logins", ofMlflow)).outcome).toBe("ok");
  });

  it("a search_path that leads nowhere", async () => {
    await sql("alter role mlflow in database mlflow set search_path = gone");
    const row = await doctor.row("logins", ofMlflow);
    expect(row.fact).toBe("mlflow logs in, but its search_path (gone) names no schema of mlflow that it may use");
    await doctor.paste((row.cure ?? "").split("\n")[1] ?? "");
    expect((await doctor.row("logins", ofMlflow)).fact).toContain("may create in gone");
    await sql("drop schema gone", "mlflow");
    expect((await doctor.look("--fix")).payload.fixed).toMatchObject([
      { title: "make the schema gone in mlflow for mlflow", failure: null },
    ]);
    expect((await doctor.row("logins", ofMlflow)).outcome).toBe("ok");
  });

  it("a database and a role that were never made", async () => {
    await sql("drop database mlflow");
    const missing = await doctor.row("logins", ofMlflow);
    expect(missing).toMatchObject({ outcome: "fail", fixable: false });
    expect(missing.fact).toContain("the database mlflow does not exist in the data of db");
    await sql("drop role mlflow");
    const role = await doctor.row("logins", ofMlflow);
    expect(role.fact).toContain("the role mlflow does not exist in the data of db");
    const [create = "", setPassword = ""] = (role.cure ?? "").split("\n");
    await doctor.paste(create);
    await doctor.paste(setPassword, "first-mlflow\nfirst-mlflow\n");
    await doctor.paste((await doctor.row("logins", ofMlflow)).cure ?? "");
    expect((await doctor.row("logins", ofMlflow)).outcome).toBe("ok");
  });

  it("TLS that the file wants and the server has not", async () => {
    const text = compose(port);
    await project.write("compose.yaml", text.replace("@db/mlflow", "@db/mlflow?sslmode=require"));
    expect(await doctor.row("logins", ofMlflow)).toMatchObject({
      outcome: "fail",
      fact: expect.stringContaining("SSL") as string,
    });
    await project.write("compose.yaml", text);
  });
});

it("sessions that are nearly used up, with whose they are", async () => {
  // Ordinary roles have 27 of the 30; the superuser's reserve lets doctor in.
  const target = { host: "127.0.0.1", port, user: "airflow", password: "third-airflow", database: "airflow" };
  const held = await Promise.all(Array.from({ length: 25 }, () => createNodePorts().sql.connect(target)));
  const sessions = held.flatMap((one) => (isSqlFailure(one) ? [] : [one]));
  try {
    expect(sessions).toHaveLength(25);
    expect(await doctor.row("connection-budget", "db")).toMatchObject({
      outcome: "warn",
      fact: expect.stringMatching(/^2[5-7] of 27 in use: 2[5-7] of airflow/) as string,
    });
  } finally {
    await Promise.all(sessions.map((one) => one.close()));
  }
});

it("a slot that keeps write-ahead log for nobody", async () => {
  await sql("select pg_create_physical_replication_slot('left_behind', true)");
  const row = await doctor.row("wal", "db");
  expect(row).toMatchObject({ outcome: "warn", fact: expect.stringContaining("left_behind") as string });
  await doctor.paste(row.cure ?? "");
  expect((await doctor.row("wal", "db")).outcome).toBe("ok");
});

it("a log folder that Airflow's account cannot write to, and what another account left in it", async () => {
  const logs = join(project.directory, "logs");
  expect((await doctor.row("ownership", logs)).fact).toBe("made at the start");
  await mkdir(join(logs, "scheduler"), { recursive: true });
  await chmod(logs, 0o555);
  expect(await doctor.row("ownership", logs)).toMatchObject({ outcome: "fail", fixable: true });
  await doctor.look("--fix");
  expect((await doctor.row("ownership", logs)).outcome).toBe("ok");
  await chmod(join(logs, "scheduler"), 0o055);
  expect(await doctor.row("ownership", logs)).toMatchObject({
    outcome: "fail",
    fact: expect.stringMatching(/^scheduler in it is owned by .* cannot write it$/) as string,
  });
  await doctor.look("--fix");
  expect((await doctor.row("ownership", logs)).outcome).toBe("ok");
});

it("a server that hangs keeps no other check from answering, and doctor from no end", async () => {
  const pid = await project.pid("db");
  process.kill(pid, "SIGSTOP");
  try {
    const { payload, exitCode } = await doctor.look();
    const of = (id: string) => payload.checks.filter((row) => row.id === id).map(({ outcome }) => outcome);
    expect({ disk: new Set(of("disk")), python: of("python")[0], services: of("services")[0] }).toEqual({
      disk: new Set(["ok"]),
      python: "ok",
      services: "ok",
    });
    expect([of("wal"), of("server-versions")]).toEqual([["unknown"], ["unknown"]]);
    // Each connection is told as one that gets no answer.
    for (const row of payload.checks.filter(({ id }) => id === "logins")) {
      expect([row.outcome, row.fact]).toEqual([
        expect.stringMatching(/fail|unknown/),
        expect.stringMatching(/time|answer/),
      ]);
    }
    expect(exitCode).not.toBe(2);
  } finally {
    process.kill(pid, "SIGCONT");
  }
});

it("nothing that runs, and a port that another program took meanwhile", async () => {
  expect((await project.run("stop")).exitCode).toBe(0);
  const other = createServer();
  await new Promise<void>((done) => other.listen(port, "127.0.0.1", done));
  try {
    expect(await doctor.row("ports", `${port} of db`)).toMatchObject({
      outcome: "fail",
      fact: expect.stringContaining(`(pid ${process.pid})`) as string,
      cure: `kill ${process.pid}\nOr on another port: bulkhead up --auto-ports`,
    });
  } finally {
    await new Promise((done) => other.close(done));
  }
  const { payload, exitCode } = await doctor.look();
  expect(payload.checks.find(({ id }) => id === "ports")).toMatchObject({ outcome: "ok", fact: "free" });
  expect(payload.checks.find(({ id }) => id === "logins")).toMatchObject({
    outcome: "unknown",
    fact: "db does not run",
  });
  expect(exitCode).toBe(0);
});

it("no project, and one that cannot be loaded: the machine is told all the same", async () => {
  const none = await createProject(home, "nothing", { "notes.txt": "" });
  const empty = await createDoctor({ ...none, env: home.env }).look();
  expect([empty.exitCode, empty.payload.project]).toEqual([0, null]);
  expect(empty.payload.checks.find(({ id }) => id === "project")?.outcome).toBe("unknown");
  await none.write("compose.yaml", "services: [\n");
  const broken = await createDoctor({ ...none, env: home.env }).look();
  expect(broken.exitCode).toBe(1);
  expect(broken.payload.checks.find(({ id }) => id === "project")?.outcome).toBe("fail");
  expect(broken.payload.checks.find(({ id }) => id === "memory")?.fact).toContain("available");
});
