import { describe, expect, it } from "vitest";
import { topologyOf } from "../../test/helpers/topology-of.ts";

describe("resolveTopology", () => {
  it("judges by image and command, never by name", () => {
    const { services } = topologyOf(`
services:
  mlflow-webserver: { image: "apache/airflow:2.7.0-python3.9", command: webserver }
  airflow: { image: "ghcr.io/mlflow/mlflow:v3.17.2", command: mlflow server --port 5001 }
  tracking:
    image: apache/airflow:2.10.5
    command: bash -c "pip install mlflow==2.22.0 && exec mlflow server --host 0.0.0.0"
  db: { image: "docker.io/library/postgres:13-alpine" }
  proxy: { image: "nginx:1" }
`);
    expect(services["mlflow-webserver"]).toMatchObject({
      product: "airflow",
      version: "2.7.0",
      python: "3.9",
      component: { id: "webserver" },
    });
    expect(services["airflow"]).toMatchObject({
      product: "mlflow",
      version: "3.17.2",
      component: { id: "server" },
      oneShot: false,
    });
    expect(services["tracking"]).toMatchObject({
      product: "mlflow",
      base: { product: "airflow", version: "2.10.5" },
      version: "2.22.0",
      pip: ["mlflow==2.22.0"],
    });
    expect(services["db"]).toMatchObject({ product: "postgres", version: "13" });
    expect(services["proxy"]).toMatchObject({ product: undefined, reason: "image nginx:1 is not in the catalog" });
  });

  it("keeps an Airflow image's entrypoint when its command is for MLflow", () => {
    const { services } = topologyOf(`
x-image: &image
  build:
    context: .
    dockerfile_inline: |
      FROM apache/airflow:3.3.2
      RUN pip install mlflow==3.17.2
services:
  entrypoint: { <<: *image, entrypoint: [mlflow, server], command: [--port, "5001"] }
  module: { <<: *image, command: python -m mlflow server }
  # The image makes \`airflow mlflow server\` of it, which Airflow refuses.
  command: { <<: *image, command: mlflow server }
  migrates: { <<: *image, command: bash -c "airflow db migrate && exec mlflow server" }
`);
    const server = { product: "mlflow", version: "3.17.2", base: { product: "airflow" }, component: { id: "server" } };
    expect(services["entrypoint"]).toMatchObject({ ...server, argv: ["mlflow", "server", "--port", "5001"] });
    expect(services["module"]).toMatchObject(server);
    expect(services["migrates"]).toMatchObject(server);
    expect(services["command"]).toMatchObject({ product: "airflow", argv: ["airflow", "mlflow", "server"] });
  });

  it("takes a service for what its image is when MLflow's server runs beside it", () => {
    const { services, apps } = topologyOf(`
x-airflow: &airflow
  image: apache/airflow:2.10.5
  environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql://a:b@db/airflow" }
services:
  first: { <<: *airflow, command: 'bash -c "mlflow server --port 5001 & exec airflow webserver --port 8081"' }
  last: { <<: *airflow, command: 'bash -c "airflow scheduler & exec mlflow server"' }
`);
    expect(services["first"]).toMatchObject({ product: "airflow", version: "2.10.5", component: { id: "webserver" } });
    expect(services["last"]).toMatchObject({ product: "airflow", component: { id: "scheduler" } });
    expect(apps).toMatchObject([
      { id: "airflow", services: ["first", "last"] },
      { id: "mlflow", services: ["first", "last"] },
    ]);
    const ports = (name: string) => services[name]?.component?.listeners.map(({ port }) => port);
    expect(ports("first")).toEqual([8080, 5000]);
    expect(ports("last")).toEqual([8793, 8974, 5000]);
  });

  it.each<[string, string, string, { oneShot: boolean; mayEnd: boolean }]>([
    ["nobody waits for", "no", "service_started", { oneShot: false, mayEnd: true }],
    ["is started again when it fails", "on-failure:3", "service_started", { oneShot: false, mayEnd: true }],
    ["is always kept running", "always", "service_started", { oneShot: false, mayEnd: false }],
    ["is awaited", "no", "service_completed_successfully", { oneShot: true, mayEnd: false }],
    ["is awaited but never left ended", "always", "service_completed_successfully", { oneShot: false, mayEnd: false }],
  ])("takes an unknown program that %s for what the file makes of it", (_what, restart, condition, expected) => {
    const { services } = topologyOf(`
services:
  program: { image: "apache/airflow:2.10.5", command: python serve.py, restart: "${restart}" }
  other:
    image: apache/airflow:2.10.5
    command: scheduler
    depends_on: { program: { condition: ${condition} } }
`);
    expect(services["program"]).toMatchObject({ product: "airflow", component: { id: "job" }, ...expected });
    expect(services["other"]).toMatchObject({ oneShot: false, mayEnd: false });
  });

  it.each<[string, string, { oneShot: boolean; mayEnd: boolean }]>([
    ["psql -h db -c 'SELECT 1'", "on-failure", { oneShot: true, mayEnd: false }],
    ["until pg_isready -h db; do sleep 1; done; createdb -h db mlflow", "no", { oneShot: true, mayEnd: false }],
    [
      "while true; do pg_dump -h db airflow > /backup/latest; sleep 86400; done",
      "no",
      { oneShot: false, mayEnd: true },
    ],
    ["while :; do psql -h db -c VACUUM; sleep 60; done", "always", { oneShot: false, mayEnd: false }],
  ])("a program in PostgreSQL's image is a job unless it goes on: %s", (script, restart, expected) => {
    const compose = `services:\n  s:\n    image: postgres:16-alpine\n    restart: "${restart}"\n    command:\n      - sh\n      - -c\n      - "${script}"\n`;
    const { services, servers } = topologyOf(compose);
    expect(services["s"]).toMatchObject({ ...expected, component: { id: "job" }, behaviour: { home: "/root" } });
    expect(servers).toEqual([]);
  });

  it.each([
    ["sleep", "infinity"],
    ["tail", "-f", "/dev/null"],
    ["sleep", "100000"],
  ])("a program in PostgreSQL's image that only waits is neither server nor job: %s %s", (...command) => {
    const compose = `services:\n  s:\n    image: postgres:17\n    entrypoint: ${JSON.stringify(command)}\n`;
    const { services, servers } = topologyOf(compose);
    expect(services["s"]).toMatchObject({ oneShot: false, mayEnd: true });
    expect(servers).toEqual([]);
  });

  it("reads a Dockerfile and its requirement files", () => {
    const { services } = topologyOf("services: { ml: { build: ./ml, command: mlflow server } }", {
      "/p/ml/Dockerfile": "FROM python:3.11-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
      "/p/ml/requirements.txt": "mlflow==2.22.0  # the server\npsycopg2-binary\n",
    });
    expect(services["ml"]).toMatchObject({
      product: "mlflow",
      base: { version: "2.22.0" },
      python: "3.11",
      pip: ["mlflow==2.22.0", "psycopg2-binary"],
    });
  });

  it("says when a Dockerfile is missing", () => {
    expect(topologyOf("services: { x: { build: ./gone } }").services["x"]).toMatchObject({
      product: undefined,
      reason: "/p/gone/Dockerfile is missing",
    });
  });

  it("finds each app's connections and the server behind them", () => {
    const { apps, servers, connections } = topologyOf(`
services:
  postgres:
    image: postgres:13
    container_name: pg
    environment: { POSTGRES_USER: airflow, POSTGRES_PASSWORD: secret }
  scheduler: &airflow
    image: apache/airflow:2.7.0
    command: scheduler
    environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql+psycopg2://airflow:secret@pg/airflow" }
  webserver: { <<: *airflow, command: webserver }
  mlflow:
    image: mlflow/mlflow:2.7.1
    command: mlflow server --backend-store-uri postgresql://airflow:secret@postgres:5432/mlflow
`);
    expect(servers).toMatchObject([
      {
        service: "postgres",
        major: 13,
        superuser: "airflow",
        database: "airflow",
        passwordIn: "POSTGRES_PASSWORD in compose.yaml",
      },
    ]);
    expect(apps.map(({ id, services }) => [id, services])).toEqual([
      ["airflow", ["scheduler", "webserver"]],
      ["mlflow", ["mlflow"]],
    ]);
    expect(
      connections.map(({ service, app, server, database, port }) => ({ service, app, server, database, port })),
    ).toEqual([
      { service: "scheduler", app: "airflow", server: "postgres", database: "airflow", port: 5432 },
      { service: "webserver", app: "airflow", server: "postgres", database: "airflow", port: 5432 },
      { service: "mlflow", app: "mlflow", server: "postgres", database: "mlflow", port: 5432 },
    ]);
  });

  it("does not take a host name of another network for a server", () => {
    const { connections } = topologyOf(`
services:
  db: { image: "postgres:17", networks: [back], environment: { POSTGRES_PASSWORD: x } }
  mlflow:
    image: mlflow/mlflow:2.22.0
    command: mlflow server
    networks: [front]
    environment: { MLFLOW_BACKEND_STORE_URI: "postgresql://a:b@db/mlflow" }
networks: { back: {}, front: {} }
`);
    expect(connections).toMatchObject([{ host: "db", server: undefined }]);
  });

  it("prefers the section of 2.3+ over the older one, and a flag over its variable", () => {
    const { connections } = topologyOf(`
services:
  a:
    image: apache/airflow:2.10.5
    command: scheduler
    environment:
      AIRFLOW__CORE__SQL_ALCHEMY_CONN: postgresql://old@h/old
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: postgresql://new@h/new
  m:
    image: mlflow/mlflow:2.22.0
    command: mlflow server --backend-store-uri=postgresql://flag@h/flag
    environment: { MLFLOW_BACKEND_STORE_URI: "postgresql://variable@h/variable" }
`);
    expect(connections.map(({ database }) => database)).toEqual(["new", "flag"]);
  });
});
