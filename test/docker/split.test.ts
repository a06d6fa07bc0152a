import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { readManifest } from "../helpers/database-states.ts";
import { separatedStates, statesOf } from "../helpers/separated-article.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { createBulkheadProject, type BulkheadProject } from "./helpers/bulkhead-project.ts";
import { docker } from "./helpers/docker.ts";

const recording = "collided-airflow-row-2.7";
const [mlflowHead] = readManifest("mlflow-2.7.1").versionTables["alembic_version"] ?? [];
const collision = "Can't locate revision identified by '405de8318b3a'";

const connection =
  "      - AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=postgresql+psycopg2://postgres:airflow@postgres:5432/airflow\n";

/** The article's scheduler, which the shortened example has not: without one no DAG would run. */
const scheduler = `
  airflow-scheduler:
    image: apache/airflow:2.7.0-python3.9
    depends_on:
      airflow-init:
        condition: service_completed_successfully
    # Its logs are asked for by this name; one container id in nine is none for Airflow 2.7.0 (log-host-misread).
    hostname: airflow-scheduler
    environment:
${connection}    command: scheduler
`;

/**
 * Adds the scheduler and a common key, and starts the server alone, with a database that both applications wrote to: Airflow's
 * tables and revision, and MLflow's tables.
 */
async function collide(project: BulkheadProject): Promise<void> {
  const compose = project.file
    .replace("\nvolumes:\n  postgres_data:", `${scheduler}\nvolumes:\n  postgres_data:`)
    // Two containers of Airflow read each other's logs by it.
    .replaceAll(connection, `${connection}      - AIRFLOW__WEBSERVER__SECRET_KEY=one-for-all\n`);
  await writeFile(join(project.directory, "compose.yaml"), compose);
  const sql = gunzipSync(await readFile(repositoryPath(`test/fixtures/databases/${recording}.sql.gz`)));
  await writeFile(join(project.directory, "recording.sql"), sql);
  await project.succeed("up", "--no-check", "postgres");
  const copied = await project.compose("cp", "recording.sql", "postgres:/tmp/recording.sql");
  expect(copied.exitCode, copied.stderr).toBe(0);
  const psql = ["psql", "-U", "postgres", "-d", "airflow", "-qv", "ON_ERROR_STOP=1"];
  await project.succeed("exec", "-T", "postgres", ...psql, "-o", "/dev/null", "-f", "/tmp/recording.sql");
}

/** All files of the project that a user sees, by name. */
async function readFiles(project: BulkheadProject): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(project.directory)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(project.directory, name), "utf8")));
  return Object.fromEntries(names.map((name, at) => [name, texts[at] ?? ""]));
}

interface Status {
  readonly name: string;
  readonly state: number | null;
  readonly versionRows: readonly { readonly rows: readonly string[] }[];
}

/** What `db status` says of each database; exact counts by table. */
async function readStatus(project: BulkheadProject): Promise<Readonly<Record<string, Status>>> {
  const { stdout } = await project.bulkhead("db", "status", "--json");
  const { databases } = JSON.parse(stdout) as { databases: Status[] };
  return Object.fromEntries(databases.map((one) => [one.name, one]));
}

/** Rows of tables, counted by the server itself. */
async function countRows(
  project: BulkheadProject,
  { service, user, database }: { readonly service: string; readonly user: string; readonly database: string },
  tables: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const query = tables.map((table) => `select '${table}', count(*) from "${table}"`).join(" union all ");
  const { stdout } = await project.succeed("exec", "-T", service, "psql", "-U", user, "-d", database, "-Atc", query);
  const lines = stdout.trim().split("\n");
  return Object.fromEntries(lines.map((line) => [line.split("|")[0] ?? "", Number(line.split("|")[1])]));
}

const airflowPlace = { service: "postgres", user: "postgres", database: "airflow" };
const mlflowPlace = { service: "postgres-mlflow", user: "mlflow", database: "mlflow" };
/** Tables that only one of them has, and that no start adds to. */
const kept = {
  airflow: ["dag_run", "task_instance", "xcom", "connection", "variable", "dataset_event"],
  mlflow: ["experiments", "runs", "metrics", "params", "tags", "registered_models", "model_versions"],
} as const;

function recorded(tables: readonly string[]): Readonly<Record<string, number>> {
  const { rows } = readManifest(recording);
  return Object.fromEntries(tables.map((table) => [table, rows[table] ?? Number.NaN]));
}

/** Runs `bulkhead ARGS` until it has printed `text`, sends it a signal, and waits for its end. */
async function stopAt(
  project: BulkheadProject,
  text: string,
  signalName: "SIGINT" | "SIGKILL",
  ...args: readonly string[]
): Promise<{ readonly exitCode: number | null; readonly said: string }> {
  const child = spawn(process.execPath, [repositoryPath("bin/bulkhead.js"), ...args], {
    cwd: project.directory,
    env: { ...process.env, ...project.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const listen = (chunk: string): void => {
    const before = said.includes(text);
    said += chunk;
    if (!before && said.includes(text)) child.kill(signalName);
  };
  child.stdout.setEncoding("utf8").on("data", listen);
  child.stderr.setEncoding("utf8").on("data", listen);
  const [exitCode] = (await once(child, "close")) as [number | null];
  expect(said).toContain(text);
  return { exitCode, said };
}

it("the article's collision: told by up, explained, separated without losing a row, proven, put back", async () => {
  await using project = await createBulkheadProject("article-before");
  await collide(project);
  const printed = await readFiles(project);

  const up = await project.bulkhead("up", "--no-check", "--json");
  expect(up.exitCode).toBe(1);
  const { errors } = JSON.parse(up.stdout) as { errors: { code: string; message: string; hint: string }[] };
  expect(errors).toMatchObject([{ code: "STACK_FAILED" }]);
  expect(errors[0]?.message).toContain(collision);
  expect(errors[0]?.message).toContain("cause: mlflow opens a database that another application migrated");
  expect(errors[0]?.hint).toContain("bulkhead explain");
  const ps = await project.bulkhead("ps");
  expect(ps.stderr).toContain("Cause: mlflow opens a database that another application migrated");
  const explained = await project.bulkhead("explain");
  expect(explained).toMatchObject({ exitCode: 1 });
  expect(explained.stdout).toMatch(/^cause\[foreign-revision\]/);
  expect(explained.stdout).toContain("bulkhead db split");
  const since = await project.bulkhead("explain", "--since", new Date().toISOString());
  expect(since.stdout).not.toContain("foreign-revision");
  expect(await readStatus(project)).toMatchObject({ airflow: { state: 5, versionRows: [{ rows: ["405de8318b3a"] }] } });

  const planned = await project.succeed("db", "split", "--dry-run");
  expect(planned.stdout).toContain("goes to postgres-mlflow/mlflow");
  expect(await readFiles(project)).toEqual(printed);
  const split = await project.succeed("db", "split", "--json");
  expect(JSON.parse(split.stdout)).toMatchObject({
    apps: {
      airflow: { database: "airflow", revision: "405de8318b3a" },
      mlflow: { database: "mlflow", revision: mlflowHead },
    },
  });
  expect(statesOf((await project.succeed("ps", "--json")).stdout)).toEqual(separatedStates);
  expect(await countRows(project, airflowPlace, kept.airflow)).toEqual(recorded(kept.airflow));
  expect(await countRows(project, mlflowPlace, kept.mlflow)).toEqual(recorded(kept.mlflow));
  expect(await readStatus(project)).toMatchObject({ airflow: { state: 2 }, mlflow: { state: 4 } });
  const proven = await project.bulkhead("prove");
  expect(proven.exitCode, proven.stdout + proven.stderr).toBe(0);

  // They have written since: going back asks.
  const refused = await project.bulkhead("db", "split", "--undo");
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(/airflow wrote to airflow since the split/);
  await project.succeed("db", "split", "--undo", "--yes");
  expect(await readFiles(project)).toEqual(printed);
  expect(await readStatus(project)).toMatchObject({ airflow: { state: 5 } });
  expect(await countRows(project, airflowPlace, [...kept.airflow, ...kept.mlflow])).toEqual(
    recorded([...kept.airflow, ...kept.mlflow]),
  );

  const down = await project.succeed("down", "-v", "--json");
  const { backup } = JSON.parse(down.stdout) as { backup: string };
  const restored = await project.succeed("db", "restore", backup, "--json");
  expect(JSON.parse(restored.stdout)).toMatchObject({ databases: [{ server: "postgres", name: "airflow" }] });
});

it("interrupted it puts everything back, killed it is carried on, and undone the files are as they were", async () => {
  await using project = await createBulkheadProject("article-before");
  await collide(project);
  const printed = await readFiles(project);
  const volumes = async (): Promise<string> =>
    (await docker(["volume", "ls", "--quiet", "--filter", `name=${project.name}_`])).stdout.trim();

  const interrupted = await stopAt(project, "ok   copy airflow for airflow", "SIGINT", "db", "split");
  expect(interrupted.exitCode, interrupted.said).toBe(130);
  expect(await readFiles(project)).toEqual(printed);
  expect(await readStatus(project)).toMatchObject({ airflow: { state: 5 } });
  expect(await volumes()).toBe(`${project.name}_postgres_data`);

  await stopAt(project, "postgres-mlflow: starting", "SIGKILL", "db", "split");
  const open = await project.bulkhead("up", "--no-check", "--json");
  expect(JSON.parse(open.stdout)).toMatchObject({ errors: [{ code: "PLAN_OPEN" }] });
  await project.succeed("db", "split", "--resume");
  // The applications do not run, so their new server does not either.
  expect((await project.compose("ps", "--services", "--status", "running")).stdout).toBe("postgres\n");
  await project.succeed("up", "--no-check", "postgres-mlflow");
  expect(await countRows(project, airflowPlace, kept.airflow)).toEqual(recorded(kept.airflow));
  expect(await countRows(project, mlflowPlace, kept.mlflow)).toEqual(recorded(kept.mlflow));

  await project.succeed("db", "split", "--undo");
  expect(await readFiles(project)).toEqual(printed);
  expect(await readStatus(project)).toMatchObject({ airflow: { state: 5 } });
  expect(await volumes()).toBe(`${project.name}_postgres_data`);
});
