import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { collideArticle } from "../helpers/collide-article.ts";
import { separatedStates, statesOf } from "../helpers/separated-article.ts";
import { killAtStep } from "../helpers/kill-at-step.ts";
import { skipWithoutPython } from "../helpers/skip-without-python.ts";
import { createStackHome } from "../helpers/stack-home.ts";

it("the article's collision, with data of both, is named, separated, proven and finished", async (context) => {
  await skipWithoutPython(context, ["3.8", "3.9", "3.10", "3.11"]);
  await using home = await createStackHome();
  const { project, rows } = await collideArticle(home);
  const bulkhead = async (...args: readonly string[]) => home.run(project, ...args);

  const status = await bulkhead("db", "status", "--json");
  expect(status.exitCode).toBe(1);
  expect(JSON.parse(status.stdout)).toMatchObject({
    databases: [{ name: "airflow", state: 5, certain: true, apps: [{ app: "airflow" }, { app: "mlflow" }] }],
  });

  const printed = await readFile(join(project, "compose.yaml"), "utf8");
  const dry = await bulkhead("db", "split", "--dry-run");
  expect(dry).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("goes to postgres-mlflow/mlflow") });
  expect(await readFile(join(project, "compose.yaml"), "utf8")).toBe(printed);

  const killed = await killAtStep(home, project, { title: "copy mlflow to", outcome: "running" }, "db", "split");
  expect(killed).toBe(true);
  for (const command of [["up"], ["db", "split"]]) {
    const refused = await bulkhead(...command);
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain("Carry it on with: bulkhead db split --resume");
    expect(refused.stderr).toContain("Or put it back with: bulkhead db split --undo");
  }

  const resumed = await bulkhead("db", "split", "--resume", "--json");
  expect(resumed.exitCode === 0 ? "" : resumed.stdout + resumed.stderr).toBe("");
  expect(JSON.parse(resumed.stdout)).toMatchObject({
    did: "split",
    apps: {
      airflow: { database: "airflow", revision: "405de8318b3a" },
      mlflow: { database: "mlflow", revision: "7f2a7d5fae7d" },
    },
  });
  expect(await rows("postgres-mlflow", "mlflow", "mlflow")).toEqual(["story"]);
  expect(await rows("postgres", "postgres", "airflow")).toEqual(["told"]);
  expect(statesOf((await bulkhead("ps", "--json")).stdout)).toEqual(separatedStates);
  const prove = await bulkhead("prove");
  expect(prove.exitCode === 0 ? "" : prove.stdout + prove.stderr).toBe("");

  const after = await bulkhead("db", "status", "--json");
  expect(after.exitCode).toBe(0);
  const { databases, servers } = JSON.parse(after.stdout) as {
    databases: { name: string; state: number }[];
    servers: { kept: string[] }[];
  };
  expect(databases.map(({ name, state }) => `${name} ${state}`)).toEqual(["airflow 2", "mlflow 4"]);
  expect(servers.flatMap(({ kept }) => kept)).toEqual(["airflow_before_split"]);
  expect(await bulkhead("db", "split", "--finish")).toMatchObject({ exitCode: 0 });
  const finished = await bulkhead("db", "status", "--json");
  expect(finished.exitCode).toBe(0);

  // No secret was said, though the files hold two.
  const dotenv = await readFile(join(project, ".env"), "utf8");
  const secrets = [...dotenv.matchAll(/^\w+=(.+)$/gm)].map(([, value]) => value ?? "");
  expect(secrets).toHaveLength(1);
  const said = [status, dry, resumed, prove, after, finished].map(({ stdout, stderr }) => stdout + stderr).join("\n");
  expect([...secrets, ":airflow@"].filter((secret) => said.includes(secret))).toEqual([]);
});
