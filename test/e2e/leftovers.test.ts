import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createStackHome } from "../helpers/stack-home.ts";

/** A task that outlives its worker unless somebody ends it: BashOperator starts a session of its own. */
const dag = `
from airflow.sdk import DAG
from airflow.providers.standard.operators.bash import BashOperator

with DAG("sleeper", schedule=None, is_paused_upon_creation=False) as dag:
    BashOperator(task_id="sleep", bash_command="sleep 86399")
`;

it("nothing of a running task or an MLflow job is left, neither after a crash nor after a stop", async () => {
  await using home = await createStackHome();
  expect(await home.run(home.directory, "init", "left")).toMatchObject({ exitCode: 0 });
  const project = join(home.directory, "left");
  home.onEndBringDown(project);
  await writeFile(join(project, "dags", "sleeper.py"), dag);
  const compose = await readFile(join(project, "compose.yaml"), "utf8");
  // MLflow's job runner: eight more processes, some in sessions of their own.
  const withJobs = compose.replace(
    'MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false"',
    'MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "true"',
  );
  expect(withJobs).not.toBe(compose);
  await writeFile(join(project, "compose.yaml"), withJobs);
  const up = await home.run(project, "up", "--auto-ports");
  expect(up.exitCode === 0 ? "" : up.stderr).toBe("");
  expect((await unitProcesses(home.directory, "mlflow")).length).toBeGreaterThan(4);

  // A task runs, and the scheduler it belongs to dies without a word.
  const airflow = (...args: string[]) => home.run(project, "exec", "-T", "airflow-scheduler", "airflow", ...args);
  expect(await airflow("dags", "reserialize")).toMatchObject({ exitCode: 0 });
  expect(await airflow("dags", "trigger", "sleeper")).toMatchObject({ exitCode: 0 });
  await expect.poll(sleepers, { interval: 200 }).toHaveLength(1);
  const [before] = await sleepers();
  const rows = JSON.parse((await home.run(project, "ps", "--json")).stdout) as {
    services: { name: string; pid: number }[];
  };
  const scheduler = rows.services.find(({ name }) => name === "airflow-scheduler");
  process.kill(scheduler?.pid ?? Number.NaN, "SIGKILL");
  await expect.poll(async () => (await sleepers()).includes(before ?? 0), { interval: 100 }).toBe(false);

  // Another task runs, and everything is stopped.
  await home.run(project, "up", "--auto-ports");
  expect(await airflow("dags", "trigger", "sleeper")).toMatchObject({ exitCode: 0 });
  await expect.poll(sleepers, { interval: 200 }).not.toHaveLength(0);
  expect(await home.run(project, "stop")).toMatchObject({ exitCode: 0 });
  expect(await sleepers()).toEqual([]);
  expect(await unitProcesses(home.directory, "")).toEqual([]);
});

async function processes(): Promise<number[]> {
  return (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Pids of the task's own program. */
async function sleepers(): Promise<number[]> {
  const pids = await processes();
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return pids.filter((_, at) => lines[at] === "sleep\u000086399\u0000");
}

/** Pids of processes whose environment says that they belong to a unit below the directory. */
async function unitProcesses(directory: string, service: string): Promise<number[]> {
  const pids = await processes();
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, "utf8").catch(() => "")));
  return pids.filter((_, at) => {
    const variables = (environments[at] ?? "").split("\u0000");
    return (
      variables.some((variable) => new RegExp(`^BULKHEAD_UNIT=\\w+/${service}`).test(variable)) &&
      variables.some((variable) => variable.includes(directory))
    );
  });
}
