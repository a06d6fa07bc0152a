import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nodeFiles } from "../../src/node/node-files.ts";
import { openArchive } from "../../src/postgres/archive/read-archive.ts";
import { checkJsonSchema } from "../helpers/check-json-schema.ts";
import { expectHealthy } from "../helpers/doctor.ts";
import { createStackHome } from "../helpers/stack-home.ts";

interface UpPayload {
  readonly ok: boolean;
  readonly services: readonly { readonly name: string; readonly state: string; readonly pid: number | null }[];
  readonly access: readonly { readonly service: string; readonly url: string; readonly user: string | null }[];
}

/** A user's own DAG that asks the project's databases by the names and ports of the Compose file, through both drivers. */
const ownDag = (airflowPassword: string, mlflowPassword: string): string => `
import psycopg
import psycopg2
from airflow.sdk import dag, task


@dag(schedule=None, is_paused_upon_creation=False)
def ask_databases():
    @task
    def ask():
        with psycopg.connect("postgresql://airflow:${airflowPassword}@airflow-db:5432/airflow") as connection:
            assert connection.execute("select count(*) > 0 from dag_run").fetchone() == (True,)
        connection = psycopg2.connect(
            host="mlflow-db", port=5432, user="mlflow", password="${mlflowPassword}", dbname="mlflow"
        )
        with connection, connection.cursor() as cursor:
            cursor.execute("select count(*) from experiments")
            assert cursor.fetchone() == (1,)

    ask()


ask_databases()
`;

it("a new user makes a stack, opens it, proves it, stops and resumes it, and removes it with a backup", async () => {
  await using home = await createStackHome();
  expect(await home.run(home.directory, "init", "my stack")).toMatchObject({ exitCode: 0 });
  const project = join(home.directory, "my stack");
  home.onEndBringDown(project);
  const env = parseDotenv(await readFile(join(project, ".env"), "utf8"));
  await writeFile(
    join(project, "dags", "ask_databases.py"),
    ownDag(env["AIRFLOW_DB_PASSWORD"] ?? "", env["MLFLOW_DB_PASSWORD"] ?? ""),
  );

  // Up: everything ready, and the answer in the promised shape.
  const up = await home.run(project, "up", "--auto-ports", "--json");
  expect(up.stderr.includes("Traceback") ? up.stderr : up.exitCode).toBe(0);
  const first = JSON.parse(up.stdout) as UpPayload;
  expect(checkJsonSchema("up", first)).toEqual([]);
  const states = new Set(first.services.map(({ state }) => state));
  expect([...states].toSorted()).toEqual(["completed", "ready"]);

  // The user interfaces' own endpoints, as a browser on this machine uses them.
  const airflow = first.access.find(({ service }) => service === "airflow-api-server");
  const mlflow = first.access.find(({ service }) => service === "mlflow");
  expect(airflow?.user).toBe(env["AIRFLOW_ADMIN_USER"]);
  const token = await fetch(`${airflow?.url}/auth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: env["AIRFLOW_ADMIN_USER"], password: env["AIRFLOW_ADMIN_PASSWORD"] }),
  });
  expect(token.status).toBe(201);
  const { access_token: bearer } = (await token.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
  const dags = await fetch(`${airflow?.url}/api/v2/dags`, { headers });
  expect(dags.status).toBe(200);
  const experiments = await fetch(`${mlflow?.url}/api/2.0/mlflow/experiments/search`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"max_results": 5}',
  });
  expect(experiments.status).toBe(200);
  expect(((await experiments.json()) as { experiments: { name: string }[] }).experiments[0]?.name).toBe("Default");

  // The user's own DAG reaches the databases as it would in containers.
  const runs = `${airflow?.url}/api/v2/dags/ask_databases/dagRuns`;
  const body = '{"dag_run_id": "by-hand", "logical_date": null}';
  const trigger = async (): Promise<number> => (await fetch(runs, { method: "POST", headers, body })).status;
  await expect.poll(trigger, { interval: 500 }).toBe(200);
  const stateOf = async (): Promise<string> =>
    ((await (await fetch(`${runs}/by-hand`, { headers })).json()) as { state: string }).state;
  await expect.poll(stateOf, { interval: 300 }).toMatch(/success|failed/);
  const log = await fetch(`${runs}/by-hand/taskInstances/ask/logs/1`, { headers });
  expect((await stateOf()) === "success" ? "" : await log.text()).toBe("");

  // Proven by a real DAG run; nothing of the proof stays in the user's directory.
  const dagsBefore = await readdir(join(project, "dags"));
  const prove = await home.run(project, "prove");
  expect(prove.exitCode === 0 ? "" : prove.stdout + prove.stderr).toBe("");
  await expectHealthy((...args) => home.run(project, ...args));
  expect(await readdir(join(project, "dags"))).toEqual(dagsBefore);

  // Up again changes nothing.
  const again = JSON.parse((await home.run(project, "up", "--auto-ports", "--json")).stdout) as UpPayload;
  expect(pids(again)).toEqual(pids(first));

  // Stop keeps everything; up goes on with the same data and runs no one-shot again.
  expect(await home.run(project, "stop")).toMatchObject({ exitCode: 0 });
  const resumed = await home.run(project, "up", "--auto-ports");
  expect(resumed.exitCode).toBe(0);
  expect(resumed.stderr).toMatch(/airflow-migrate: completed .*\(done before\)/);
  expect(resumed.stderr).toMatch(/airflow-admin: completed .*\(done before\)/);

  // No secret of the project in anything that was said, nor in what `ps` shows of its processes.
  const said = [up, prove, resumed].map((result) => result.stdout + result.stderr).join("\n") + (await commandLines());
  const secrets = Object.entries(env).filter(([name]) => /PASSWORD|KEY|SECRET/.test(name));
  expect(secrets.length).toBeGreaterThan(4);
  expect(secrets.filter(([, value]) => said.includes(value)).map(([name]) => name)).toEqual([]);

  const down = await home.run(project, "down", "-v", "--json");
  const removed = JSON.parse(down.stdout) as { removedVolumes: string[]; backup: string };
  expect(removed.removedVolumes.length).toBe(4);
  const archive = await openArchive(nodeFiles, removed.backup);
  const kept = archive.manifest.servers.map(({ server, databases }) => [
    server,
    databases.map(({ apps }) => apps[0]?.id),
  ]);
  await archive.close();
  expect(kept).toEqual([
    ["airflow-db", ["airflow"]],
    ["mlflow-db", ["mlflow"]],
  ]);
});

function pids(result: UpPayload): Record<string, number | null> {
  return Object.fromEntries(
    result.services.filter(({ state }) => state === "ready").map(({ name, pid }) => [name, pid]),
  );
}

function parseDotenv(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)];
  return Object.fromEntries(pairs.map((match) => [match[1] ?? "", (match[2] ?? "").replace(/^(['"])(.*)\1$/, "$2")]));
}

async function commandLines(): Promise<string> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const texts = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return texts.join("\n");
}
