import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createProject, type FaultProject } from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const password = "harbour@of:jobs";
const written = encodeURIComponent(password);
const client = `image: postgres:17
    depends_on: {db: {condition: service_healthy}}`;

/** Ways to name the server; each asks it for its port, so that another one that answers is seen. */
const forms = [
  "psql -h db -U app -d app",
  "psql -hdb -Uapp -p5432 app",
  "psql --host=db --port 5432 --username=app --dbname=app",
  "psql --host db -tAU app app",
  `psql postgresql://app:${written}@db:5432/app`,
  `psql "postgres://app@db/app?application_name=forms"`,
  `psql "postgresql:///app?host=db&user=app"`,
  `psql --dbname=postgresql://app@DB:5432`,
  `psql "host=db port=5432 user=app dbname='app'"`,
  `psql -d "user=app host=db"`,
  `PGHOST=db PGUSER=app psql app`,
  `SERVER=db; psql -h "$SERVER" -U app`,
  "/usr/bin/psql -h database.example -U app",
];

const compose = `x-other: &other {POSTGRES_USER: app, POSTGRES_PASSWORD: another}

services:
  db:
    image: postgres:17
    hostname: database.example
    environment: {POSTGRES_USER: app, POSTGRES_PASSWORD: "${password}"}
    healthcheck: {test: [CMD, pg_isready, -U, app]}
  beside:
    image: postgres:17
    environment: {<<: *other}

  forms:
    ${client}
    environment: {PGPASSWORD: "${password}"}
    command:
      - bash
      - -c
      - |
        ask="SELECT inet_server_port(), current_user, current_database()"
${forms.map((form) => `        ${form.replaceAll("$", "$$$$")} -tA -c "$$ask" || exit`).join("\n")}

  refused:
    ${client}
    environment: {PGPASSWORD: "${password}", PGUSER: app}
    command:
      - sh
      - -c
      - |
        pg_isready -h localhost; echo "localhost $$?"
        pg_isready -h db -p 5433; echo "other port $$?"
        pg_isready; echo "socket $$?"
        pg_isready -h db; echo "db $$?"

  init-db:
    ${client}
    environment: {PGPASSWORD: "${password}"}
    command: ["bash","-c","until pg_isready -h db; do sleep 1; done; psql -h db -U app -c 'CREATE DATABASE mlflow'"]
  entry:
    ${client}
    environment: {PGPASSWORD: "${password}"}
    entrypoint: [/bin/sh, -c]
    command: ["createdb -h db -U app airflow"]
  url:
    ${client}
    command: [psql, "postgresql://app:${written}@db/app", -c, "SELECT pg_sleep(2)"]
  # Goes on for good, and is no server to wait for.
  copies:
    ${client}
    environment: {PGPASSWORD: "${password}"}
    command: [sh, -c, "while true; do pg_dump -h db -U app app > /dev/null; sleep 86400; done"]
`;

let home: StackHome;
let project: FaultProject;
beforeAll(async () => {
  home = await createStackHome();
  project = await createProject(home, "jobs", compose);
});
afterAll(() => home[Symbol.asyncDispose]());

async function readLog(service: string): Promise<string> {
  return readFile(join(project.state, "logs", `${service}.log`), "utf8");
}

it("jobs in PostgreSQL's image reach the servers that they name, and no others", async () => {
  const up = await project.run("up", "--auto-ports", "--json");
  expect(up.exitCode === 0 ? "" : `${up.stdout}${up.stderr}${await readLog("forms")}`).toBe("");
  const { services } = JSON.parse(up.stdout) as { services: readonly { name: string; state: string }[] };
  expect(services.find(({ name }) => name === "copies")?.state).toBe("ready");
  const { ports } = JSON.parse(await readFile(join(project.state, "project.json"), "utf8")) as {
    ports: Record<string, Record<string, number>>;
  };
  const port = ports["db"]?.["5432"];
  expect((await readLog("forms")).trim().split("\n")).toEqual(forms.map(() => `${port}|app|app`));

  const codes = (await readLog("refused")).match(/^[a-z ]+ \d$/gm);
  expect(codes).toEqual(["localhost 2", "other port 2", "socket 2", "db 0"]);

  const databases = ["exec", "-T", "db", "psql", "-tAc", "SELECT datname FROM pg_database ORDER BY 1"];
  expect((await project.run(...databases)).stdout.split("\n")).toEqual(
    expect.arrayContaining(["airflow", "app", "mlflow"]),
  );

  const spec = await readFile(join(project.state, "units", "url", "unit.json"), "utf8");
  const { argv } = JSON.parse(spec) as { argv: readonly string[] };
  expect(argv.join(" ")).not.toContain("harbour");

  // A job that ended well is not run again; `CREATE DATABASE` would fail.
  const again = await project.run("up", "--auto-ports", "--json");
  expect(again.exitCode === 0 ? "" : again.stdout + again.stderr).toBe("");
});
