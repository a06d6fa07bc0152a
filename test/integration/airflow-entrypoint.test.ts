import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { isSqlFailure } from "../../src/ports/sql.ts";
import { createStackHome } from "../helpers/stack-home.ts";

const { sql } = createNodePorts();
const password = "entry-point-secret-7391";

const environment = (database: string): string => `
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: postgresql+psycopg2://postgres:db-secret@db:5432/${database}
      AIRFLOW__CORE__AUTH_MANAGER: airflow.\${AUTH_MANAGER_${database}}
      _AIRFLOW_DB_MIGRATE: "true"
      _AIRFLOW_WWW_USER_CREATE: "true"
      _AIRFLOW_WWW_USER_USERNAME: captain`;

// The packages of the two pairs that other tests install too.
const compose = `name: entrypoint
services:
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: db-secret}
    healthcheck: {test: [CMD, pg_isready, -h, 127.0.0.1, -U, postgres]}
    volumes: [./init:/docker-entrypoint-initdb.d]

  # As Airflow's own compose file writes it: a script of its own, then the image's entrypoint.
  two:
    build: &two
      dockerfile_inline: |
        FROM apache/airflow:2.7.0-python3.9
        RUN pip install mlflow-skinny==2.7.1
    entrypoint: /bin/bash
    command:
      - -c
      - |
        mkdir -p /sources/logs
        exec /entrypoint airflow version
    environment:${environment("two")}
      _AIRFLOW_WWW_USER_PASSWORD: ${password}
    depends_on: {db: {condition: service_healthy}}

  # The image's own entrypoint; any non-empty value counts.
  three:
    build:
      dockerfile_inline: |
        FROM apache/airflow:3.3.2
        RUN pip install mlflow-skinny==3.17.2
    command: ["bash", "-c", "umask; echo left=$\${_AIRFLOW_WWW_USER_PASSWORD_CMD-}; airflow version"]
    environment:${environment("three").replace('MIGRATE: "true"', 'MIGRATE: "false"')}
      _AIRFLOW_WWW_USER_PASSWORD_CMD: printf ${password}
    depends_on: {db: {condition: service_healthy}}

  no-password:
    profiles: [faulty]
    build: *two
    command: version
    environment:${environment("two")}
    depends_on: {db: {condition: service_healthy}}
`;

it("the Airflow image's entrypoint migrates, creates the user and keeps its password out of the process list", async () => {
  await using home = await createStackHome();
  const project = join(home.directory, "entrypoint");
  await mkdir(join(project, "init"), { recursive: true });
  await writeFile(join(project, "compose.yaml"), compose);
  await writeFile(join(project, "init/databases.sql"), "CREATE DATABASE two; CREATE DATABASE three;");
  await writeFile(
    join(project, ".env"),
    [
      "AUTH_MANAGER_two=auth.managers.fab.fab_auth_manager.FabAuthManager",
      "AUTH_MANAGER_three=providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
    ].join("\n"),
  );
  home.onEndBringDown(project);
  const ended = new AbortController();
  const watching = watchCommandLines(ended.signal);
  const up = await home.run(project, "up", "--auto-ports", "--json");
  ended.abort();
  const seen = await watching;
  expect(up.exitCode === 0 ? "" : up.stdout + up.stderr).toBe("");
  // The watch saw what it was to see: the one process that gets the password.
  expect(seen).toContain("create_airflow_user.py");
  expect(seen.split("\n").filter((line) => line.includes(password))).toEqual([]);

  const { access } = JSON.parse(up.stdout) as { access: { service: string; url: string }[] };
  const port = Number(/:(\d+)/.exec(access.find(({ service }) => service === "db")?.url ?? "")?.[1]);
  for (const database of ["two", "three"]) {
    const session = await sql.connect({ host: "127.0.0.1", port, user: "postgres", password: "db-secret", database });
    if (isSqlFailure(session)) throw new Error(session.reason);
    const users = await session.query(
      `SELECT u.username, u.first_name, u.email, r.name AS role FROM ab_user u
         JOIN ab_user_role ur ON ur.user_id = u.id JOIN ab_role r ON r.id = ur.role_id`,
    );
    // Airflow keeps the command lines of its own commands.
    const told = await session.query("SELECT extra FROM log WHERE extra LIKE $1", [`%${password}%`]);
    await session.close();
    expect(users).toEqual([
      { username: "captain", first_name: "Airflow", email: "airflowadmin@example.com", role: "Admin" },
    ]);
    expect(told).toEqual([]);
  }
  const logs = join(home.directory, "data/projects/entrypoint/logs");
  expect(await readFile(join(logs, "two.log"), "utf8")).toMatch(/^2\.7\.0$/m);
  expect(await readFile(join(logs, "three.log"), "utf8")).toMatch(/^0002\nleft=\n[^]*^3\.3\.2$/m);

  // Without a password the image ends with 1, its other steps done.
  const faulty = await home.run(project, "--profile", "faulty", "up", "no-password", "--auto-ports", "--json");
  expect(faulty.exitCode).toBe(1);
  const [error] = (JSON.parse(faulty.stdout) as { errors: { message: string }[] }).errors;
  expect(error?.message).toMatch(/no-password exited with code 1[^]*Airflow Admin password not set/);
});

/** Every command line that ran until `signal`, one a line. */
async function watchCommandLines(signal: AbortSignal): Promise<string> {
  const seen = new Set<string>();
  while (!signal.aborted) {
    for (const name of await readdir("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const text = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
      seen.add(text.replaceAll(/[\0\n]/g, " "));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return [...seen].join("\n");
}
