import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { collideArticle } from "../helpers/collide-article.ts";
import { killAtStep } from "../helpers/kill-at-step.ts";
import { skipWithoutPython } from "../helpers/skip-without-python.ts";
import { createStackHome } from "../helpers/stack-home.ts";

it("a split of a running stack, killed at three points: put back twice, and carried on after its server was killed too", async (context) => {
  await skipWithoutPython(context, ["3.8", "3.9", "3.10", "3.11"]);
  await using home = await createStackHome();
  const { project, rows } = await collideArticle(home);
  const compose = (): Promise<string> => readFile(join(project, "compose.yaml"), "utf8");
  const succeed = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await home.run(project, ...args);
    expect(exitCode === 0 ? "" : `${args.join(" ")}\n${stdout}${stderr}`).toBe("");
    return stdout;
  };
  const states = async (): Promise<Readonly<Record<string, { state: string; pid: number | null }>>> => {
    const { services } = JSON.parse(await succeed("ps", "--json", "--all")) as {
      services: { name: string; state: string; pid: number | null }[];
    };
    return Object.fromEntries(services.map(({ name, state, pid }) => [name, { state, pid }]));
  };
  const printed = await compose();

  for (const title of ["copy airflow for mlflow", "start postgres-mlflow"]) {
    expect(await killAtStep(home, project, { title, outcome: "ok" }, "db", "split"), title).toBe(true);
    const up = await home.run(project, "up", "--no-check");
    expect(up).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("bulkhead db split --undo") as string });
    await succeed("db", "split", "--undo");
    expect(await compose(), title).toBe(printed);
    const after = await states();
    expect(after, title).toMatchObject({ postgres: { state: "ready" }, airflow: { state: "ready" } });
    expect(Object.keys(after), title).not.toContain("postgres-mlflow");
    expect(await rows("postgres", "postgres", "airflow"), title).toEqual(["told"]);
  }

  const postmaster = (await states())["postgres"]?.pid;
  const killed = await killAtStep(
    home,
    project,
    {
      title: "compare mlflow with",
      outcome: "running",
      onReached: () => process.kill(postmaster ?? 0, "SIGKILL"),
    },
    "db",
    "split",
  );
  expect(killed).toBe(true);
  await succeed("db", "split", "--resume");
  expect(await rows("postgres", "postgres", "airflow")).toEqual(["told"]);
  expect(await rows("postgres-mlflow", "mlflow", "mlflow")).toEqual(["story"]);
  expect(await states()).toMatchObject({ airflow: { state: "ready" }, mlflow: { state: "ready" } });
  await succeed("prove");
});
