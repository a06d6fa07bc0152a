import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { isSqlFailure } from "../../src/ports/sql.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { createStackHome, type CommandResult, type StackHome } from "../helpers/stack-home.ts";

const server = "airflow-db";
const job = "airflow-db-mlflow-database";
const { sql } = createNodePorts();

let home: StackHome;
let project: string;
beforeAll(async () => {
  home = await createStackHome();
  project = join(home.directory, "shared");
  await cp(repositoryPath("test/fixtures/rules/shared-database/bad-same-server"), project, { recursive: true });
  home.onEndBringDown(project);
});
afterAll(() => home[Symbol.asyncDispose]());

async function run(...args: readonly string[]): Promise<CommandResult> {
  const result = await home.run(project, ...args);
  if (result.exitCode !== 0) throw new Error(`${args.join(" ")}: ${result.stdout}${result.stderr}`);
  return result;
}

async function readVariable(name: string): Promise<string> {
  const text = await readFile(join(project, ".env"), "utf8");
  return new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1] ?? "";
}

/** What a query answers to a role's login over TCP with a password of `.env`. */
async function ask(user: string, passwordIn: string, query: string): Promise<readonly Record<string, unknown>[]> {
  const [state = ""] = await readdir(join(home.env["BULKHEAD_HOME"] ?? "", "projects"));
  const record = await readFile(join(home.env["BULKHEAD_HOME"] ?? "", "projects", state, "project.json"), "utf8");
  const port = (JSON.parse(record) as { ports: Record<string, Record<string, number>> }).ports[server]?.["5432"] ?? 0;
  const password = await readVariable(passwordIn);
  const session = await sql.connect({ host: "127.0.0.1", port, user, password, database: user });
  if (isSqlFailure(session)) throw new Error(session.reason);
  try {
    return await session.query(query);
  } finally {
    await session.close();
  }
}

it("check --fix=behaviour --same-server gives MLflow a database of its own on a server that holds data", async () => {
  await run("up", server);
  await ask("airflow", "AIRFLOW_DB_PASSWORD", "CREATE TABLE dag AS SELECT 'kept' AS dag_id");
  await run("check", "--fix=behaviour", "--same-server", "--rule", "shared-database");

  const up = await run("up", job);
  expect(up.stderr).toMatch(new RegExp(`^${job}: completed`, "m"));
  const whose = "SELECT current_database() AS database, current_setting('is_superuser') AS superuser";
  expect(await ask("mlflow", "MLFLOW_DB_PASSWORD", whose)).toEqual([{ database: "mlflow", superuser: "off" }]);
  await ask("mlflow", "MLFLOW_DB_PASSWORD", "CREATE TABLE experiments AS SELECT 1 AS id");
  expect(await ask("airflow", "AIRFLOW_DB_PASSWORD", "SELECT dag_id FROM dag")).toEqual([{ dag_id: "kept" }]);

  // Another password makes the job run again: what it made is there, and the role gets the new password.
  const first = await readVariable("MLFLOW_DB_PASSWORD");
  const dotenv = await readFile(join(project, ".env"), "utf8");
  await writeFile(join(project, ".env"), dotenv.replace(first, "another-harbour"));
  await run("up", job);
  expect(await ask("mlflow", "MLFLOW_DB_PASSWORD", "SELECT id FROM experiments")).toEqual([{ id: 1 }]);
});
