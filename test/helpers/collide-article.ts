import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { StackHome } from "./stack-home.ts";

/** The article's first stack after its collision, with rows of both applications. */
export interface CollidedArticle {
  readonly project: string;
  /** What tells that a database has its rows: names of MLflow's experiments or of Airflow's variables that the test made. */
  readonly rows: (service: string, user: string, database: string) => Promise<readonly string[]>;
}

const connection =
  "      - AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=postgresql+psycopg2://postgres:airflow@postgres:5432/airflow\n";

const scheduler = `  airflow-scheduler:
    image: apache/airflow:2.7.0-python3.9
    depends_on:
      airflow-init:
        condition: service_completed_successfully
    environment:
${connection}    command: scheduler

`;

/**
 * Makes the collision as people do: MLflow was there first; so that Airflow does not stop at MLflow's revision somebody
 * deletes that row, and Airflow makes its tables. Both run, and MLflow will not start again.
 */
export async function collideArticle(home: StackHome): Promise<CollidedArticle> {
  const project = await home.copyExample("article-before");
  home.onEndBringDown(project);
  const path = join(project, "compose.yaml");
  const printed = await readFile(path, "utf8");
  const [airflow = "", mlflow = ""] = printed.split(/^(?= {2}mlflow:)/m);
  const own = mlflow.replace(
    "airflow-init:\n        condition: service_completed_successfully",
    "postgres:\n        condition: service_healthy",
  );
  // The webserver fetches the scheduler's task logs by name and key: they share no folder.
  const key = `${connection}      - AIRFLOW__WEBSERVER__SECRET_KEY=one-for-all\n`;
  await writeFile(path, (airflow + scheduler).replaceAll(connection, key) + own);

  const run = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await home.run(project, ...args);
    expect(exitCode === 0 ? "" : `${args.join(" ")}\n${stdout}${stderr}`).toBe("");
    return stdout;
  };
  const psql = (service: string, user: string, database: string, query: string): Promise<string> =>
    run("exec", service, "psql", "-U", user, "-d", database, "-Atc", query);

  const { services } = JSON.parse(await run("up", "--no-check", "--auto-ports", "--json", "mlflow")) as {
    services: { name: string; ports: string[] }[];
  };
  const port = /:(\d+)->/.exec(services.find(({ name }) => name === "mlflow")?.ports[0] ?? "")?.[1];
  const created = await fetch(`http://127.0.0.1:${port}/api/2.0/mlflow/experiments/create`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "story" }),
  });
  expect(created.status).toBe(200);

  await psql("postgres", "postgres", "airflow", "DELETE FROM alembic_version");
  await run("up", "--no-check", "--auto-ports");
  await run("exec", "airflow", "airflow", "variables", "set", "told", "yes");

  return {
    project,
    rows: async (service, user, database) => {
      const query =
        database === "mlflow"
          ? "SELECT name FROM experiments WHERE name <> 'Default'"
          : "SELECT key FROM variable ORDER BY 1";
      return (await psql(service, user, database, query)).trim().split("\n");
    },
  };
}
