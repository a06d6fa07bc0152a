import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { expect, it } from "vitest";
import { createProject } from "../helpers/fault-project.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { createStackHome } from "../helpers/stack-home.ts";

const compose = `services:
  postgres:
    image: postgres:17
    environment: {POSTGRES_USER: tracking, POSTGRES_PASSWORD: of-the-split-tests, POSTGRES_DB: shared}
    volumes: ["data:/var/lib/postgresql/data", "./dump:/dump:ro"]
    healthcheck: {test: pg_isready -h 127.0.0.1 -U tracking -d shared}
  mlflow:
    build:
      context: .
      dockerfile_inline: |
        FROM ghcr.io/mlflow/mlflow:v2.22.0
        RUN pip install --no-cache-dir psycopg2-binary==2.9.10 mlflow[auth]==2.22.0
    command: mlflow server --host 0.0.0.0 --workers 1 --app-name basic-auth --artifacts-destination /artifacts
    environment:
      MLFLOW_BACKEND_STORE_URI: postgresql+psycopg2://tracking:of-the-split-tests@postgres/shared
      MLFLOW_AUTH_CONFIG_PATH: /mlflow/basic_auth.ini
      MLFLOW_FLASK_SERVER_SECRET_KEY: of-the-split-tests
    ports: ["127.0.0.1:5000:5000"]
    volumes: ["artifacts:/artifacts", "./basic_auth.ini:/mlflow/basic_auth.ini:ro"]
    depends_on: {postgres: {condition: service_healthy}}
volumes: {data: {}, artifacts: {}}
`;
const users = `[mlflow]
default_permission = READ
database_uri = postgresql+psycopg2://tracking:of-the-split-tests@postgres/shared
admin_username = admin
admin_password = of-the-split-tests
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
`;

it("MLflow 2.22, whose users and runs stood in one database, serves both once db split has separated them", async () => {
  await using home = await createStackHome();
  const dump = await readFile(repositoryPath("test/fixtures/databases/collided-auth-2.22.0.sql.gz"));
  const project = await createProject(home, "users", {
    "compose.yaml": compose,
    "basic_auth.ini": users,
    "dump/collided.sql": (await promisify(gunzip)(dump)).toString(),
  });
  const succeed = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await project.run(...args);
    expect(exitCode === 0 ? "" : `${args.join(" ")}\n${stdout}${stderr}`).toBe("");
    return stdout;
  };
  await succeed("up", "--no-check", "postgres");
  await succeed("exec", "postgres", "psql", "-XqU", "tracking", "-d", "shared", "-f", "/dump/collided.sql");
  expect((await project.run("up", "--no-check", "--auto-ports")).exitCode).not.toBe(0);

  await succeed("db", "split");
  expect(await readFile(join(project.directory, "basic_auth.ini"), "utf8")).toContain("@postgres/shared_auth\n");
  const { access } = JSON.parse(await succeed("up", "--auto-ports", "--json")) as {
    access: { service: string; url: string }[];
  };
  const page = access.find(({ service }) => service === "mlflow")?.url ?? "";

  /** As the user and with the password that stood in the collided database. */
  const ask = async (path: string): Promise<unknown> => {
    const authorization = `Basic ${Buffer.from("ada:lovelace-of-1815").toString("base64")}`;
    const response = await fetch(new URL(`/api/2.0/mlflow/${path}`, page), { headers: { authorization } });
    expect(response.status).toBe(200);
    return response.json();
  };
  expect(await ask("experiments/get?experiment_id=1")).toMatchObject({ experiment: { experiment_id: "1" } });
  expect(await ask(`users/get?username=${encodeURIComponent("größer")}`)).toMatchObject({
    user: { experiment_permissions: [{ experiment_id: "1", permission: "EDIT" }] },
  });
});
