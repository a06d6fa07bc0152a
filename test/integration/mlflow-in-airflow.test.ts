import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createProject, type FaultProject } from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

interface UpPayload {
  readonly services: readonly { readonly name: string; readonly product: string; readonly component: string }[];
  readonly access: readonly { readonly service: string; readonly url: string }[];
}

const password = "harbour-of-the-image-tests";
/** One environment for all: the image's own packages with the same MLflow on top. */
const compose = `x-server: &server
  environment:
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false"
    MLFLOW_DISABLE_TELEMETRY: "true"
  ports: ["127.0.0.1::5000"]
  depends_on: {db: {condition: service_healthy}}

services:
  db:
    image: postgres:17
    environment: {POSTGRES_USER: mlflow, POSTGRES_PASSWORD: ${password}}
    healthcheck: {test: [CMD, pg_isready, -h, 127.0.0.1, -U, mlflow]}

  built:
    <<: *server
    build:
      context: .
      dockerfile_inline: |
        FROM apache/airflow:3.3.2
        RUN pip install --no-cache-dir mlflow==3.17.2
    command:
      - bash
      - -c
      - >-
        exec mlflow server --host 0.0.0.0 --port 5000 --workers 1 --allowed-hosts 'built:*,localhost:*'
        --backend-store-uri postgresql+psycopg2://mlflow:${password}@db:5432/mlflow
        --artifacts-destination /opt/airflow/artifacts
    healthcheck: {test: [CMD, python, -c, "from urllib.request import urlopen; urlopen('http://localhost:5000/health')"]}

  # Airflow's own program runs, and the tracking server beside it.
  beside:
    <<: *server
    image: apache/airflow:3.3.2
    command:
      - bash
      - -c
      - |
        pip install mlflow==3.17.2
        until pg_isready -h db -U mlflow; do sleep 1; done
        mlflow server --host 0.0.0.0 --port 5000 --workers 1 --allowed-hosts '127.0.0.1:*' \\
          --backend-store-uri postgresql+psycopg2://mlflow:${password}@db:5432/mlflow &
        airflow db migrate
        exec airflow triggerer
    depends_on: {built: {condition: service_healthy}}
`;

let home: StackHome;
let project: FaultProject;
beforeAll(async () => {
  home = await createStackHome();
  project = await createProject(home, "inside", compose);
});
afterAll(() => home[Symbol.asyncDispose]());

async function countExperiments(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/2.0/mlflow/experiments/search?max_results=5`);
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { experiments: readonly unknown[] }).experiments.length;
}

it("MLflow's server runs in an Airflow image, alone and beside Airflow's own program", async () => {
  const up = await project.run("up", "--json");
  expect(up.exitCode === 0 ? "" : up.stdout + up.stderr).toBe("");
  const { services, access } = JSON.parse(up.stdout) as UpPayload;
  const roleOf = (name: string) => services.find((row) => row.name === name);
  expect(roleOf("built")).toMatchObject({ product: "mlflow", component: "server", state: "ready" });
  expect(roleOf("beside")).toMatchObject({ product: "airflow", component: "triggerer", state: "ready" });

  const built = access.find(({ service }) => service === "built")?.url ?? "";
  expect(await countExperiments(built)).toBe(1);
  const { ports } = JSON.parse(await readFile(join(project.state, "project.json"), "utf8")) as {
    ports: Record<string, Record<string, number>>;
  };
  await expect.poll(() => countExperiments(`http://127.0.0.1:${ports["beside"]?.["5000"]}`).catch(String)).toBe(1);

  // The image brings PostgreSQL's client programs along.
  expect(await readFile(join(project.state, "logs/beside.log"), "utf8")).toContain("- accepting connections");

  // The image's packages and directories are there as well; the password stands in no command line.
  const script = "import airflow, mlflow; print(airflow.__version__, mlflow.__version__)";
  expect(await project.run("exec", "-T", "built", "python", "-c", script)).toMatchObject({ stdout: "3.3.2 3.17.2\n" });
  expect((await project.run("exec", "-T", "built", "pwd")).stdout).toMatch(/\/opt\/airflow\n$/);
  const pids = [await project.pid("built"), await project.pid("beside")];
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8")));
  expect(lines.join("\n")).toContain("mlflow");
  expect(lines.join("\n")).not.toContain(password);
});
