import { describe, expect, it } from "vitest";
import { topologyOf } from "../../test/helpers/topology-of.ts";
import type { Connection } from "./topology.ts";

const database = `
services:
  db: { image: "postgres:16", container_name: pg, ports: ["5433:5432"], environment: { POSTGRES_PASSWORD: x } }
`;

function connectionsOf(services: string, more: Readonly<Record<string, string>> = {}) {
  return topologyOf(`${database}${services}`, more).connections;
}

function show({ service, role, writtenIn, text, state }: Connection): string {
  return `${service} ${role} ${writtenIn} ${state.kind === "known" ? text.text : `unknown: ${state.reason}`}`;
}

describe("connections of Airflow", () => {
  const airflow = (rest: string): string => `  a:\n    image: apache/airflow:2.10.5\n    command: scheduler\n${rest}`;

  it("takes the stronger place and keeps what it hides", () => {
    const [connection] = connectionsOf(
      airflow(`    environment:
      AIRFLOW__CORE__SQL_ALCHEMY_CONN: postgresql://old@db/old
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: postgresql://new@db/new
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD: echo x
`),
    );
    expect(connection).toMatchObject({ database: "new", server: "db", app: "airflow", via: "environment" });
    expect(connection?.shadows.map(show)).toEqual([
      "a metadata AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD unknown: AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD runs a command in the container",
      "a metadata AIRFLOW__CORE__SQL_ALCHEMY_CONN postgresql://old@db/old",
    ]);
  });

  it("reads airflow.cfg where the environment says nothing, with its doubled signs", () => {
    const cfg =
      "[core]\nfernet_key = x\n[database]\nsql_alchemy_conn = postgresql://u:p%%40ss@db/airflow\n[celery]\nresult_backend = db+postgresql://u:p@db/results\nbroker_url = redis://:r@redis:6379/0\n";
    const mounted = airflow("    volumes: [./airflow.cfg:/opt/airflow/airflow.cfg:ro]\n");
    const { connections, endpoints } = topologyOf(`${database}${mounted}`, { "/p/airflow.cfg": cfg });
    expect(connections.map(show)).toEqual([
      "a metadata sql_alchemy_conn in airflow.cfg postgresql://u:p%40ss@db/airflow",
      "a results result_backend in airflow.cfg db+postgresql://u:p@db/results",
    ]);
    expect(connections[0]).toMatchObject({ password: "p@ss", via: "file" });
    const password = connections[0]?.text.pieces.map(({ place }) =>
      place.kind === "file" ? cfg.slice(place.start, place.end) : "",
    );
    expect(password).toEqual(["postgresql://u:p%", "40ss@db/airflow"]);
    expect(endpoints).toMatchObject([{ role: "broker", scheme: "redis", host: "redis", port: 6379, password: "r" }]);
  });

  it("reads a secret that a command prints, and says what it cannot read", () => {
    const secret = `    environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD: cat /run/secrets/dsn }
    secrets: [dsn]
secrets: { dsn: { file: ./dsn.txt } }
`;
    expect(connectionsOf(airflow(secret), { "/p/dsn.txt": "postgresql://u:p@db/d\n" }).map(show)).toEqual([
      "a metadata AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD postgresql://u:p@db/d",
    ]);
    expect(
      connectionsOf(airflow("    environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_SECRET: conn }\n")).map(show),
    ).toEqual([
      "a metadata AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_SECRET unknown: AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_SECRET names an entry of a secrets backend",
    ]);
  });

  it("tells the default where nothing is written, and takes no other variable for it", () => {
    const [connection] = connectionsOf(
      airflow("    environment: { AIRFLOW_DB_HOST: db, MLFLOW_BACKEND_STORE_URI: 'postgresql://m@db/m' }\n"),
    );
    expect(connection).toMatchObject({
      via: "default",
      dialect: "sqlite",
      database: "/opt/airflow/airflow.db",
      server: undefined,
    });
  });

  it.each([
    ["postgresql://u:${NOWHERE}@db/a", "NOWHERE is not set"],
    ["${NOWHERE}", "NOWHERE is not set"],
    ["postgresql://${NOWHERE}:${ALSO}@db/${MORE}", "NOWHERE is not set"],
  ])("does not judge %s", (value, reason) => {
    const [connection] = connectionsOf(
      airflow(`    environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "${value}" }\n`),
    );
    expect(connection?.state).toEqual({ kind: "unknown", reason });
    expect(connection).toMatchObject({ host: undefined, server: undefined });
  });

  it("judges a blank password that is really written", () => {
    const [connection] = connectionsOf(
      airflow(`    environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql://u:@db/a" }\n`),
    );
    expect(connection).toMatchObject({ state: { kind: "known" }, password: "" });
  });

  it("sees what an entrypoint script exports", () => {
    const files = {
      "/p/af/Dockerfile": 'FROM apache/airflow:2.10.5\nCOPY --chmod=755 entry.sh /entry.sh\nENTRYPOINT ["/entry.sh"]\n',
      "/p/af/entry.sh":
        '#!/usr/bin/env bash\nexport AIRFLOW__DATABASE__SQL_ALCHEMY_CONN="postgresql://u:${DB_PASSWORD}@db/airflow"\nairflow db migrate\nexec airflow "$@"\n',
    };
    const { connections, invocations } = topologyOf(
      `${database}  a: { build: ./af, command: webserver, environment: { DB_PASSWORD: pw } }\n`,
      files,
    );
    expect(connections.map(show)).toEqual([
      "a metadata AIRFLOW__DATABASE__SQL_ALCHEMY_CONN postgresql://u:pw@db/airflow",
    ]);
    const places = connections[0]?.text.pieces.map(({ place }) =>
      place.kind === "value" ? place.path.join(".") : place.kind,
    );
    expect(places).toEqual(["file", "services.a.environment.DB_PASSWORD", "file"]);
    expect(invocations.filter(({ service }) => service === "a").map(({ component }) => component?.id)).toEqual([
      "migration",
      "webserver",
    ]);
  });

  it("takes two names of one server for one app", () => {
    const { apps } =
      topologyOf(`${database}${airflow("    environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: 'postgresql://u@db/a' }\n")}
  b: { image: "apache/airflow:2.10.5", command: webserver, environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: 'postgresql://u@pg/a' } }
  c: { image: "apache/airflow:2.10.5", command: users create }
`);
    expect(apps.map(({ id, services }) => [id, services])).toEqual([["airflow", ["a", "b", "c"]]]);
  });
});

describe("connections of MLflow", () => {
  const url = "postgresql://m:p@db/mlflow";

  it.each([
    ["text", `mlflow server --backend-store-uri ${url}`],
    ["text with =", `mlflow server --backend-store-uri=${url}`],
    ["list", `["mlflow", "server", "--backend-store-uri", "${url}"]`],
    ["shell", `bash -c "pip install x && exec mlflow server --backend-store-uri '${url}' --port 5000"`],
    ["shell over lines", `["sh", "-c", "mlflow server \\\\\\n  --backend-store-uri ${url} \\\\\\n  --host 0.0.0.0"]`],
    ["module", `python -m mlflow server --backend-store-uri ${url}`],
    ["shell variable", `["sh", "-c", "mlflow server --backend-store-uri $$MLFLOW_DSN"]`],
  ])("stand in a command: %s", (_form, command) => {
    const [connection] = connectionsOf(
      `  m: { image: "mlflow/mlflow:2.22.0", command: ${JSON.stringify(command).startsWith('"[') ? command : JSON.stringify(command)}, environment: { MLFLOW_DSN: "${url}" } }\n`,
    );
    expect(connection).toMatchObject({ role: "metadata", user: "m", database: "mlflow", server: "db", via: "command" });
  });

  it("prefers a flag to its variable, and knows registry, users and upgrade", () => {
    const services = `  m:
    image: mlflow/mlflow:2.22.0
    command: bash -c "mlflow db upgrade postgresql://u@db/up && mlflow server --backend-store-uri postgresql://f@db/flag --registry-store-uri postgresql://r@db/reg --app-name basic-auth"
    environment: { MLFLOW_BACKEND_STORE_URI: "postgresql://v@db/variable", MLFLOW_AUTH_CONFIG_PATH: /auth.ini }
    volumes: ["./auth.ini:/auth.ini"]
`;
    const connections = connectionsOf(services, {
      "/p/auth.ini": "[mlflow]\ndatabase_uri = postgresql://a:x@db/auth\n",
    });
    expect(connections.map(({ role, database: name, writtenIn }) => `${role} ${name} ${writtenIn}`)).toEqual([
      "metadata flag --backend-store-uri",
      "registry reg --registry-store-uri",
      "auth auth database_uri in auth.ini",
      "migration up mlflow db upgrade",
    ]);
    expect(connections[0]?.shadows.map(({ database: name }) => name)).toEqual(["variable"]);
  });

  it("belong to the server that runs in an Airflow container", () => {
    const { connections, apps } = topologyOf(`${database}  both:
    image: apache/airflow:2.10.5
    command: bash -c "mlflow server --backend-store-uri ${url} & airflow webserver"
    environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql://a:p@db/airflow" }
`);
    expect(connections.map(({ app, role, database: name }) => [app, role, name])).toEqual([
      ["airflow", "metadata", "airflow"],
      ["mlflow", "metadata", "mlflow"],
    ]);
    expect(apps.map(({ id }) => id)).toEqual(["airflow", "mlflow"]);
  });

  it("are the defaults where a command was cut from its flags", () => {
    const cut = `  m: { image: "mlflow/mlflow:2.22.0", command: ["bash", "-c", "mlflow server\\n  --backend-store-uri ${url}"] }\n`;
    expect(connectionsOf(cut)).toMatchObject([{ via: "default", dialect: "file" }]);
    expect(connectionsOf(cut.replace("2.22.0", "3.17.2"))).toMatchObject([{ via: "default", dialect: "sqlite" }]);
  });

  it("are unknown where the env file that may name them is missing", () => {
    const [connection] = connectionsOf(
      `  m: { image: "mlflow/mlflow:2.22.0", command: mlflow server, env_file: [{ path: ml.env, required: false }] }\n`,
    );
    expect(connection?.state).toEqual({ kind: "unknown", reason: "/p/ml.env is missing" });
  });

  it("stand in a Dockerfile", () => {
    const dockerfile = `FROM ghcr.io/mlflow/mlflow:v2.22.0\nENV STORE=${url}\nCMD mlflow server --backend-store-uri \${STORE}\n`;
    const [connection] = connectionsOf("  m: { build: ./ml }\n", { "/p/ml/Dockerfile": dockerfile });
    expect(connection).toMatchObject({ database: "mlflow", server: "db", via: "command" });
    expect(connection?.text.pieces[0]?.place).toMatchObject({ kind: "file", start: dockerfile.indexOf(url) });
  });

  it.each([
    [
      "localhost of a container that shares the server's network",
      'network_mode: "service:db"',
      "postgresql://m@localhost/m",
      "db",
    ],
    ["the published port on the machine", "network_mode: host", "postgresql://m@localhost:5433/m", "db"],
    ["its own localhost", "restart: always", "postgresql://m@localhost/m", undefined],
    ["a socket", "restart: always", "postgresql://m@/m?host=/var/run", undefined],
  ])("lead to a server through %s", (_what, key, uri, server) => {
    const [connection] = connectionsOf(
      `  m: { image: "mlflow/mlflow:2.22.0", command: "mlflow server --backend-store-uri ${uri}", ${key} }\n`,
    );
    expect(connection?.server).toBe(server);
  });
});
