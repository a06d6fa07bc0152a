import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { cacheDirectory } from "../../src/supply/cache-directory.ts";
import { expectHealthy } from "../helpers/doctor.ts";
import { skipWithoutPython } from "../helpers/skip-without-python.ts";
import { createStackHome } from "../helpers/stack-home.ts";

interface UpPayload {
  readonly services: readonly ServiceRow[];
  readonly access: readonly { readonly service: string; readonly url: string }[];
}

interface ServiceRow {
  readonly name: string;
  readonly state: string;
  readonly pid: number | null;
  readonly exitCode: number | null;
}

/** A DAG of the user that asks the database by its Compose name and port. */
const ownDag = `
from airflow.decorators import dag, task
from pendulum import datetime
import psycopg2


@dag(schedule=None, start_date=datetime(2023, 1, 1), is_paused_upon_creation=False)
def ask_postgres():
    @task
    def ask():
        connection = psycopg2.connect("postgresql://airflow:airflow@postgres:5432/airflow")
        with connection, connection.cursor() as cursor:
            cursor.execute("select version_num from alembic_version")
            assert cursor.fetchall() == [("405de8318b3a",)]

    ask()


ask_postgres()
`;

it("the article's repaired stack comes up, its users log in and run its DAG, it is proven, and a second project of it gets its tables from templates", async (context) => {
  await skipWithoutPython(context, ["3.8", "3.9", "3.10", "3.11"]);
  // As macOS names its data directory: with a blank, which scripts of the file must survive.
  await using home = await createStackHome("Application Support");
  const project = await home.copyExample("article-after");
  home.onEndBringDown(project);
  await writeFile(join(project, "dags", "ask_postgres.py"), ownDag);
  const dagsBefore = await readdir(join(project, "dags"));

  await removeTemplates(/^(airflow-2\.7\.0|mlflow-2\.7\.1)-pg13-/);
  const up = await home.run(project, "up", "--auto-ports", "--json");
  expect(up.exitCode === 0 ? "" : up.stdout + up.stderr).toBe("");
  expect(up.stderr).toMatch(/airflow-init: migrating/);
  expect(up.stderr).not.toMatch(/template/);
  const { access } = JSON.parse(up.stdout) as UpPayload;
  const urlOf = (service: string): string => access.find((row) => row.service === service)?.url ?? "";

  // Rows as `docker compose ps` would show them.
  const ps = JSON.parse((await home.run(project, "ps", "--all", "--json")).stdout) as Pick<UpPayload, "services">;
  expect(Object.fromEntries(ps.services.map((row) => [row.name, row.state]))).toEqual({
    postgres: "ready",
    "postgres-mlflow": "ready",
    "airflow-init": "completed",
    "airflow-webserver": "ready",
    "airflow-scheduler": "ready",
    mlflow: "ready",
  });
  expect(ps.services.filter(({ pid }) => pid === null)).toMatchObject([{ name: "airflow-init", exitCode: 0 }]);

  // A person logs in to Airflow by its form, as the admin that the file creates.
  expect(await logIn(urlOf("airflow-webserver"), "admin", "wrong")).toBeUndefined();
  const session = await logIn(urlOf("airflow-webserver"), "admin", "admin");
  expect(session).toBeDefined();
  const airflow = apiOf(`${urlOf("airflow-webserver")}/api/v1`, session ?? "");
  await until(async () => (await airflow("/dags/train_and_log")).text(), /"dag_id": "train_and_log"/);

  // ... and triggers a DAG that asks postgres:5432, and the example's, which logs to MLflow by its Compose name.
  await until(async () => (await airflow("/dags/ask_postgres")).text(), /"dag_id": "ask_postgres"/);
  expect((await airflow("/dags/ask_postgres/dagRuns", { dag_run_id: "by-hand" })).status).toBe(200);
  const triggered = await airflow("/dags/train_and_log/dagRuns", {});
  expect(triggered.status).toBe(200);
  const { dag_run_id: run } = (await triggered.json()) as { dag_run_id: string };
  const runPath = `/dags/train_and_log/dagRuns/${encodeURIComponent(run)}`;
  const state = await until(async () => (await airflow(runPath)).text(), /"state": "(success|failed)"/);
  const log = await (await airflow(`${runPath}/taskInstances/train/logs/1`)).text();
  expect(state.includes("success") ? "" : log).toBe("");
  const asked = "/dags/ask_postgres/dagRuns/by-hand";
  const answer = await until(async () => (await airflow(asked)).text(), /"state": "(success|failed)"/);
  const askedLog = await (await airflow(`${asked}/taskInstances/ask/logs/1`)).text();
  expect(answer.includes("success") ? "" : askedLog).toBe("");
  const runId = /MLflow run ([0-9a-f]{32})/.exec(log)?.[1];
  expect(runId).toBeDefined();

  // MLflow's own endpoints: the experiment list its UI opens with, the run, and the artifact's bytes.
  const mlflow = apiOf(`${urlOf("mlflow")}/api/2.0/mlflow`, "");
  const experiments = await (await mlflow("/experiments/search?max_results=10")).text();
  expect(experiments).toContain('"Default"');
  expect(experiments).toContain('"train_and_log"');
  const logged = (await (await mlflow(`/runs/get?run_id=${runId}`)).json()) as {
    run: { info: { status: string }; data: { params: { key: string; value: string }[]; metrics: { key: string }[] } };
  };
  expect(logged.run.info.status).toBe("FINISHED");
  expect(logged.run.data.params).toContainEqual({ key: "epochs", value: "50" });
  expect(logged.run.data.metrics.map(({ key }) => key)).toEqual(["loss"]);
  const model = await fetch(`${urlOf("mlflow")}/get-artifact?path=model.json&run_uuid=${runId}`);
  expect(Object.keys((await model.json()) as object)).toEqual(["slope", "intercept"]);

  // Keys and passwords of the file stand in no command line (the job that had one in its own command has ended).
  const running = await commandLines(home.directory);
  expect(running).toContain("mlflow server");
  const env = await readFile(join(project, ".env"), "utf8");
  const keys = [...env.matchAll(/^\w+=(.+)$/gm)].map((match) => match[1] ?? "");
  expect(keys.length).toBe(2);
  for (const secret of [...keys, "mlflow:mlflow@", "airflow:airflow@"]) expect(running).not.toContain(secret);

  const prove = await home.run(project, "prove");
  expect(prove.exitCode === 0 ? "" : prove.stdout + prove.stderr).toBe("");
  await expectHealthy((...args) => home.run(project, ...args));
  expect(await readdir(join(project, "dags"))).toEqual(dagsBefore);

  // A webserver that was killed leaves a pid file and gunicorn's processes; neither keeps the next one from starting.
  const webserver = ps.services.find((row) => row.name === "airflow-webserver");
  process.kill(webserver?.pid ?? 0, "SIGKILL");
  const isOver = /"name":"airflow-webserver"[^}]*"state":"exited"/;
  await until(async () => compact((await home.run(project, "ps", "--all", "--json")).stdout), isOver);
  const again = await home.run(project, "up", "--auto-ports");
  expect(again.exitCode === 0 ? "" : again.stdout + again.stderr).toBe("");
  expect(again.stderr).toMatch(/airflow-webserver: ready/);
  expect(await logIn(urlOf("airflow-webserver"), "admin", "admin")).toBeDefined();

  // A second project of the same setup gets the tables, and nothing that the first one wrote.
  expect((await home.run(project, "down", "-v", "--no-backup")).exitCode).toBe(0);
  const second = await home.copyExample("article-after", "second");
  home.onEndBringDown(second);
  const secondUp = await home.run(second, "up", "--auto-ports", "--json");
  expect(secondUp.exitCode === 0 ? "" : secondUp.stdout + secondUp.stderr).toBe("");
  for (const service of ["airflow-init", "mlflow"]) {
    expect(secondUp.stderr).toContain(`${service}: loading a migrated template`);
  }
  const places = (JSON.parse(secondUp.stdout) as UpPayload).access;
  const placeOf = (service: string): string => places.find((row) => row.service === service)?.url ?? "";
  expect(await logIn(placeOf("airflow-webserver"), "admin", "admin")).toBeDefined();
  const search = apiOf(`${placeOf("mlflow")}/api/2.0/mlflow`, "");
  const found = (await (await search("/experiments/search?max_results=10")).json()) as {
    experiments: { experiment_id: string; name: string }[];
  };
  expect(found.experiments).toMatchObject([{ experiment_id: "0", name: "Default" }]);
  const created = await search("/experiments/create", { name: "first of its own" });
  expect(await created.json()).toEqual({ experiment_id: "1" });
  const secondProof = await home.run(second, "prove");
  expect(secondProof.exitCode === 0 ? "" : secondProof.stdout + secondProof.stderr).toBe("");
});

/** Makes the next `up` of these the first one: the cache is shared with everything else on this machine. */
async function removeTemplates(names: RegExp): Promise<void> {
  const directory = join(cacheDirectory(createNodePorts().host), "templates");
  const found = await readdir(directory).catch(() => []);
  for (const name of found.filter((one) => names.test(one))) await rm(join(directory, name));
}

function compact(json: string): string {
  return JSON.stringify(JSON.parse(json));
}

/** The cookies of a session, or undefined when the form refuses. */
async function logIn(url: string, username: string, password: string): Promise<string | undefined> {
  const form = await fetch(`${url}/login/`);
  const token = /name="csrf_token"[^>]*value="([^"]+)"/.exec(await form.text())?.[1] ?? "";
  const answer = await fetch(`${url}/login/`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: cookiesOf(form) },
    body: new URLSearchParams({ csrf_token: token, username, password }),
  });
  // Airflow 2.7 sends who is logged in to /home, and who is not back to the form.
  return answer.status === 302 && answer.headers.get("location")?.endsWith("/home") === true
    ? cookiesOf(answer)
    : undefined;
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** GET, or POST when there is a body. */
function apiOf(base: string, cookie: string): (path: string, body?: object) => Promise<Response> {
  return (path, body) =>
    fetch(base + path, {
      headers: { cookie, "content-type": "application/json" },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
}

/** Ends what hangs. */
const limitMs = 600_000;

/** Asks until the answer matches; gives the match. */
async function until(ask: () => Promise<string>, wanted: RegExp): Promise<string> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    const match = wanted.exec(answer);
    if (match !== null) return match[0];
    if (Date.now() > end) throw new Error(`after ${limitMs / 1000} s still not ${String(wanted)}: ${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** The command lines of the processes that have the directory in their environment or arguments. */
async function commandLines(directory: string): Promise<string> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const read = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");
  const texts = await Promise.all(
    processes.map(async (pid) => {
      const [line, environment] = await Promise.all([read(`/proc/${pid}/cmdline`), read(`/proc/${pid}/environ`)]);
      return (line + environment).includes(directory) ? line.replaceAll("\0", " ") : "";
    }),
  );
  return texts.join("\n");
}
