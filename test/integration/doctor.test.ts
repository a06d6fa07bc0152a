import { chmod, mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { isSqlFailure } from "../../src/ports/sql.ts";
import { checkJsonSchema } from "../helpers/check-json-schema.ts";
import { createDoctor } from "../helpers/doctor.ts";
import { createDoctorProject, ofAdmin, ofAirflow, type DoctorProject } from "../helpers/doctor-project.ts";
import { createProject } from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

let home: StackHome;
let project: DoctorProject;
beforeAll(async () => {
  home = await createStackHome();
  project = await createDoctorProject(home);
});
afterAll(() => home[Symbol.asyncDispose]());

it("tells in one line each what works, and starts nothing that does not run", async () => {
  const report = await project.doctor.look();
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
  expect((await project.doctor.row("native-paths", "airflow")).fact).toContain(
    "dags/a.py:1 (/opt/airflow/data/in.csv)",
  );
  for (const { outcome, fact } of report.payload.checks) expect([outcome, fact === ""]).toEqual([outcome, false]);
  const { stdout } = await project.run("ps", "--json");
  expect((JSON.parse(stdout) as { services: { name: string }[] }).services.map(({ name }) => name)).toEqual(["db"]);
});

it("sessions that are nearly used up, with whose they are", async () => {
  // Ordinary roles have 27 of the 30; the superuser's reserve lets doctor in.
  const target = {
    host: "127.0.0.1",
    port: project.port,
    user: "airflow",
    password: "first-airflow",
    database: "airflow",
  };
  const held = await Promise.all(Array.from({ length: 25 }, () => createNodePorts().sql.connect(target)));
  const sessions = held.flatMap((one) => (isSqlFailure(one) ? [] : [one]));
  try {
    expect(sessions).toHaveLength(25);
    expect(await project.doctor.row("connection-budget", "db")).toMatchObject({
      outcome: "warn",
      fact: expect.stringMatching(/^2[5-7] of 27 in use: 2[5-7] of airflow/) as string,
    });
  } finally {
    await Promise.all(sessions.map((one) => one.close()));
  }
});

it("a slot that keeps write-ahead log for nobody", async () => {
  await project.sql("select pg_create_physical_replication_slot('left_behind', true)");
  const row = await project.doctor.row("wal", "db");
  expect(row).toMatchObject({ outcome: "warn", fact: expect.stringContaining("left_behind") as string });
  await project.doctor.paste(row.cure ?? "");
  expect((await project.doctor.row("wal", "db")).outcome).toBe("ok");
});

it("a log folder that Airflow's account cannot write to, and what another account left in it", async () => {
  const logs = join(project.directory, "logs");
  expect((await project.doctor.row("ownership", logs)).fact).toBe("made at the start");
  await mkdir(join(logs, "scheduler"), { recursive: true });
  await chmod(logs, 0o555);
  expect(await project.doctor.row("ownership", logs)).toMatchObject({ outcome: "fail", fixable: true });
  await project.doctor.look("--fix");
  expect((await project.doctor.row("ownership", logs)).outcome).toBe("ok");
  await chmod(join(logs, "scheduler"), 0o055);
  expect(await project.doctor.row("ownership", logs)).toMatchObject({
    outcome: "fail",
    fact: expect.stringMatching(/^scheduler in it is owned by .* cannot write it$/) as string,
  });
  await project.doctor.look("--fix");
  expect((await project.doctor.row("ownership", logs)).outcome).toBe("ok");
});

it("a server that hangs keeps no other check from answering, and doctor from no end", async () => {
  const pid = await project.pid("db");
  process.kill(pid, "SIGSTOP");
  try {
    const { payload, exitCode } = await project.doctor.look();
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
  const { port } = project;
  const other = createServer();
  await new Promise<void>((done) => other.listen(port, "127.0.0.1", done));
  try {
    expect(await project.doctor.row("ports", `${port} of db`)).toMatchObject({
      outcome: "fail",
      fact: expect.stringContaining(`(pid ${process.pid})`) as string,
      cure: `kill ${process.pid}\nOr on another port: bulkhead up --auto-ports`,
    });
  } finally {
    await new Promise((done) => other.close(done));
  }
  const { payload, exitCode } = await project.doctor.look();
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
