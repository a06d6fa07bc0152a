import { spawn } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { expect, it } from "vitest";
import { prove, type ProveOptions } from "../../src/actions/prove.ts";
import { findInstalledPackage } from "../../src/node/installed-package.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import type { ProofNames } from "../../src/proof/proof-names.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

it("a proof fails at what is broken, leaves nothing behind, and clears up after a killed one", async () => {
  await using home = await createStackHome();
  expect(await home.run(home.directory, "init", "stack")).toMatchObject({ exitCode: 0 });
  const project = join(home.directory, "stack");
  home.onEndBringDown(project);
  const up = await home.run(project, "up", "--auto-ports");
  expect(up.exitCode === 0 ? "" : up.stderr).toBe("");
  const state = join(home.env["BULKHEAD_HOME"] ?? "", "projects", "stack");
  await using stack = await openStack(project, state);

  // Twice in a row: proven, and both databases, the DAGs folder and the volumes are as before.
  const before = await stack.snapshot();
  for (let round = 0; round < 2; round += 1) {
    const proven = await home.run(project, "prove", "--json");
    const { steps } = JSON.parse(proven.stdout) as { steps: { id: string; ok: boolean | null; evidence: string }[] };
    expect(steps.filter(({ ok }) => ok !== true)).toEqual([]);
    expect(steps.map(({ id }) => id)).toEqual(expectedSteps);
    expect(await stack.snapshot()).toEqual(before);
  }

  // The test of the proof: what is taken away between the run and its verification is missed, and nothing else.
  const missed = async (beforeVerification: ProveOptions["beforeVerification"], files?: readonly string[]) => {
    const { ok, steps } = await proveHere(home, project, beforeVerification, files);
    expect(await stack.snapshot()).toEqual(before);
    expect(ok).toBe(steps.every((step) => step.ok !== false));
    return steps.filter((step) => step.ok === false).map(({ id }) => id);
  };
  expect(await missed(async ({ id }) => stack.deleteMlflowRun(id))).toEqual(["mlflow: run, parameter, metric stored"]);
  expect(await missed(async ({ id }) => stack.deleteRows("metrics", id))).toEqual([
    "mlflow: run, parameter, metric stored",
  ]);
  expect(await missed(async (names) => stack.changeArtifact(names))).toEqual(["mlflow: artifact bytes"]);
  expect(await missed(async (names) => stack.deleteArtifact(names))).toEqual(["mlflow: artifact bytes"]);
  expect(await missed(async ({ id }) => stack.deleteTaskLog(id))).toEqual(["airflow: task log readable"]);

  // A project that names no login: the proof makes a user, reads the log with it, and takes it away.
  const anonymous = join(home.directory, "no-login.yaml");
  await writeFile(
    anonymous,
    'services:\n  airflow-admin:\n    environment: !override {NOTHING: "1"}\n    command: "true"\n',
  );
  let users: readonly unknown[] = [];
  const seeUsers = async (): Promise<void> =>
    void (users = await stack.airflow.rows("select username from ab_user order by id"));
  expect(await missed(seeUsers, [join(project, "compose.yaml"), anonymous])).toEqual([]);
  expect(users).toEqual([{ username: "admin" }, { username: expect.stringContaining(proofPrefix) as string }]);

  // Killed half-way, its DAG and rows stay; the next proof says so and removes them with its own.
  await endHalfWay(home, project, "SIGKILL");
  expect((await readdir(join(project, "dags"))).filter((name) => name.startsWith(proofPrefix))).toHaveLength(1);
  const after = await proveHere(home, project);
  expect(after.steps.find(({ id }) => id === "airflow: leftovers removed")?.evidence).toMatch(
    /removed 1 DAG file, .*1 row of dag,/,
  );
  expect(after.ok).toBe(true);
  expect(await stack.snapshot()).toEqual(before);

  // Interrupted, it cleans up before it ends.
  expect(await endHalfWay(home, project, "SIGINT")).toBe(130);
  expect(await stack.snapshot()).toEqual(before);

  // Without MLflow the DAG run fails, and says why in the words of its task.
  expect(await home.run(project, "stop", "mlflow")).toMatchObject({ exitCode: 0 });
  const failed = await home.run(project, "prove");
  expect(failed.exitCode).toBe(1);
  expect(failed.stdout + failed.stderr).toMatch(
    /FAIL airflow: DAG run success[^]*its task's log:[^]*Connection refused/,
  );
  expect(await stack.snapshot()).toEqual(before);

  // A local artifact root works here by the shared disk only; under Docker the client would write into its own container.
  const compose = await readFile(join(project, "compose.yaml"), "utf8");
  const local = compose.replace(
    "--artifacts-destination=/mlflow/artifacts",
    "--default-artifact-root=/mlflow/artifacts",
  );
  await writeFile(
    join(project, "compose.yaml"),
    local.replace("- --workers=1", "- --workers=1\n      - --no-serve-artifacts"),
  );
  expect(await home.run(project, "up", "--auto-ports")).toMatchObject({ exitCode: 0 });
  const refused = await home.run(project, "prove");
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout + refused.stderr).toMatch(
    /FAIL mlflow: artifact bytes[^]*the artifact root \/mlflow\/artifacts is local/,
  );
  expect(await stack.snapshot()).toEqual(before);
});

const proofPrefix = "bulkhead_proof_";

const expectedSteps = [
  "airflow: airflow@airflow-db:5432/airflow",
  "mlflow: mlflow@mlflow-db:5432/mlflow",
  "airflow: leftovers removed",
  "airflow: DAG parsed",
  "airflow: DAG run success",
  "mlflow: run, parameter, metric stored",
  "mlflow: artifact bytes",
  "airflow: task log readable",
  "airflow: cleaned up",
];

/** The library's `prove` on a project of this home. */
function proveHere(
  home: StackHome,
  project: string,
  beforeVerification?: ProveOptions["beforeVerification"],
  files: readonly string[] = [],
): ReturnType<typeof prove> {
  const ports = createNodePorts();
  const host = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(ports.host),
      cwd: { value: project },
      env: { value: home.env },
    },
  ) as typeof ports.host;
  const own = findInstalledPackage();
  return prove(
    {
      ports: { ...ports, host },
      resources: own.resources,
      supervisorEntry: own.supervisorEntry,
      postgresDependency: own.postgresDependency,
      nodeDirectory: own.nodeDirectory,
      version: own.version,
      emit: () => undefined,
      signal: new AbortController().signal,
    },
    { files, projectName: undefined, directory: project, profiles: [], envFiles: [], engine: undefined },
    { timeoutMs: 600_000, ...(beforeVerification === undefined ? {} : { beforeVerification }) },
  );
}

/** Starts `bulkhead prove` and sends a signal once its DAG run is under way. Resolves with the exit code. */
function endHalfWay(home: StackHome, project: string, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const entry = join(findInstalledPackage().resources, "..", "bin", "bulkhead.js");
    const child = spawn(process.execPath, [entry, "prove", "--json-events"], {
      cwd: project,
      env: home.env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    let seen = "";
    let sent = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      if (sent || !/"airflow: DAG run success"/.test(seen)) return;
      sent = true;
      child.kill(signal);
    });
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  });
}

interface Database extends AsyncDisposable {
  rows(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  counts(): Promise<Readonly<Record<string, number>>>;
}

interface Stack extends AsyncDisposable {
  readonly airflow: Database;
  /** Row counts of every table of both databases and the files of DAGs folder and volumes. */
  snapshot(): Promise<unknown>;
  deleteMlflowRun(experiment: string): Promise<void>;
  deleteRows(table: "metrics", experiment: string): Promise<void>;
  changeArtifact(names: ProofNames): Promise<void>;
  deleteArtifact(names: ProofNames): Promise<void>;
  deleteTaskLog(id: string): Promise<void>;
}

async function openStack(project: string, state: string): Promise<Stack> {
  const record = JSON.parse(await readFile(join(state, "project.json"), "utf8")) as {
    ports: Record<string, Record<string, number>>;
  };
  const dotenv = await readFile(join(project, ".env"), "utf8");
  const password = (name: string): string => new RegExp(`^${name}=['"]?([^'"\\n]*)`, "m").exec(dotenv)?.[1] ?? "";
  const open = (app: "airflow" | "mlflow"): Promise<Database> =>
    openDatabase(app, record.ports[`${app}-db`]?.["5432"] ?? 0, password(`${app.toUpperCase()}_DB_PASSWORD`));
  const airflow = await open("airflow");
  const mlflow = await open("mlflow");
  const volumes = join(state, "volumes");
  const ofRun =
    "run_uuid in (select run_uuid from runs join experiments using (experiment_id) where experiments.name = $1)";
  const artifact = async ({ id, artifact: { name } }: ProofNames): Promise<string> => {
    const [run] = await mlflow.rows(`select artifact_uri from runs where ${ofRun}`, [id]);
    const path = String(run?.["artifact_uri"]).replace(/^mlflow-artifacts:\//, "");
    return join(volumes, "stack_mlflow-artifacts", path, name);
  };
  const deleteRows = async (table: string, id: string): Promise<void> => {
    const deleted = await mlflow.rows(`delete from ${table} where ${ofRun} returning 1`, [id]);
    expect(deleted.length).toBeGreaterThan(0);
  };
  return {
    airflow,
    snapshot: async () => ({
      airflow: await airflow.counts(),
      mlflow: await mlflow.counts(),
      // Compiled DAGs come and go with Airflow's own parsing.
      dags: (await readdir(join(project, "dags"))).filter((name) => name !== "__pycache__").toSorted(),
      artifacts: (await readdir(join(volumes, "stack_mlflow-artifacts"), { recursive: true })).toSorted(),
      taskLogs: (await readdir(join(volumes, "stack_airflow-logs"), { recursive: true })).filter((name) =>
        name.includes(proofPrefix),
      ),
    }),
    deleteRows,
    deleteMlflowRun: async (id) => {
      for (const table of ["metrics", "latest_metrics", "params", "tags", "runs"]) await deleteRows(table, id);
    },
    changeArtifact: async (names) => writeFile(await artifact(names), names.artifact.text.toUpperCase()),
    deleteArtifact: async (names) => rm(await artifact(names)),
    deleteTaskLog: async (id) => rm(join(volumes, "stack_airflow-logs", `dag_id=${id}`), { recursive: true }),
    [Symbol.asyncDispose]: async () => {
      await airflow[Symbol.asyncDispose]();
      await mlflow[Symbol.asyncDispose]();
    },
  };
}

async function openDatabase(name: string, port: number, password: string): Promise<Database> {
  const client = new Client({ host: "127.0.0.1", port, user: name, password, database: name });
  await client.connect();
  const rows: Database["rows"] = async (text, values = []) =>
    (await client.query<Record<string, unknown>>(text, [...values])).rows;
  return {
    rows,
    counts: async () => {
      const tables = await rows("select tablename from pg_tables where schemaname = 'public' order by 1");
      const counts: Record<string, number> = {};
      for (const table of tables.map((row) => String(row["tablename"]))) {
        const [row] = await rows(`select count(*)::int as n from "${table}"`);
        counts[table] = Number(row?.["n"]);
      }
      return counts;
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
