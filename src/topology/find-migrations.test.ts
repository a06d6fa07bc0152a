import { describe, expect, it } from "vitest";
import { topologyOf } from "../../test/helpers/topology-of.ts";

const services = (text: string): string =>
  `services:\n  db: { image: "postgres:16", environment: { POSTGRES_PASSWORD: x } }\n${text}`;

function migrationsOf(text: string): string[] {
  return topologyOf(services(text)).migrations.map(
    ({ service, product, by, initialisesEmpty, connection }) =>
      `${service} ${product} ${by} ${initialisesEmpty} ${connection?.database ?? "-"}`,
  );
}

describe("migrations", () => {
  it.each([
    ["airflow db migrate", "i airflow command true /opt/airflow/airflow.db"],
    ["db upgrade", "i airflow command true /opt/airflow/airflow.db"],
    ["standalone", "i airflow server-start true /opt/airflow/airflow.db"],
    ["bash -c 'airflow db init && airflow users create -u a'", "i airflow command true /opt/airflow/airflow.db"],
  ])("of Airflow by %s", (command, expected) => {
    expect(migrationsOf(`  i: { image: "apache/airflow:2.10.5", command: "${command}" }\n`)).toEqual([expected]);
  });

  it("of Airflow by the entry point's variable, unless something replaces the entry point", () => {
    const job = `  i: { image: "apache/airflow:2.10.5", command: version, environment: { _AIRFLOW_DB_MIGRATE: "false" } }\n`;
    expect(migrationsOf(job)).toEqual(["i airflow variable true /opt/airflow/airflow.db"]);
    expect(migrationsOf(job.replace("command: version", "entrypoint: airflow version"))).toEqual([]);
    const official = 'entrypoint: /bin/bash, command: ["-c", "mkdir -p /sources; exec /entrypoint airflow version"]';
    expect(migrationsOf(job.replace("command: version", official))).toHaveLength(1);
  });

  it.each([
    ["2.22.0", "mlflow db upgrade postgresql://m@db/up", "m mlflow command false up"],
    ["3.17.2", "mlflow db upgrade postgresql://m@db/up", "m mlflow command true up"],
    ["3.17.2", "mlflow server --backend-store-uri postgresql://m@db/s", "m mlflow server-start true s"],
    ["2.22.0", "python -m mlflow.server.auth db upgrade --url postgresql://m@db/auth", "m mlflow command true auth"],
  ])("of MLflow %s by %s", (version, command, expected) => {
    expect(migrationsOf(`  m: { image: "mlflow/mlflow:${version}", command: "${command}" }\n`)).toEqual([expected]);
  });
});

describe("waits", () => {
  it.each<[string, object[]]>([
    ["sleep 30 && mlflow server", [{ kind: "sleep", seconds: 30 }]],
    ["until nc -z db 5432; do sleep 1; done; mlflow server", [{ kind: "port", host: "db", port: 5432 }]],
    ["until pg_isready -h db -p 5433; do sleep 1; done", [{ kind: "ready", host: "db", port: 5433 }]],
    ["while ! </dev/tcp/db/5432; do sleep 1; done", [{ kind: "port", host: "db", port: 5432 }]],
    ["./wait-for-it.sh db:5432 -- mlflow server", [{ kind: "port", host: "db", port: 5432 }]],
    ["until curl -sf http://mlflow:5000/health; do sleep 2; done", [{ kind: "ready", host: "mlflow", port: 5000 }]],
    ["curl http://mlflow:5000/", []],
    ["mlflow server & while true; do sleep 60; done", []],
  ])("%s", (script, expected) => {
    const { waits } = topologyOf(
      services(`  m: { image: "mlflow/mlflow:2.22.0", command: ["bash", "-c", ${JSON.stringify(script)}] }\n`),
    );
    expect(waits).toMatchObject(expected);
    expect(waits).toHaveLength(expected.length);
  });
});

describe("listeners", () => {
  it("are on the ports that flags, variables and products say, with where they are published", () => {
    const { listeners } = topologyOf(
      services(`  m: { image: "mlflow/mlflow:2.22.0", command: mlflow server --port 5001, ports: ["127.0.0.1:8000:5001"] }
  w: { image: "apache/airflow:2.10.5", command: webserver, environment: { AIRFLOW__WEBSERVER__WEB_SERVER_PORT: "8081" }, ports: ["8081", "9000:8081"] }
  pair: { image: "apache/airflow:2.10.5", command: ["bash", "-c", "mlflow server -p 5002 & exec airflow webserver -p 8082"] }
`),
    );
    expect(listeners).toEqual([
      { service: "db", port: 5432, purpose: "sql", published: [] },
      { service: "m", port: 5001, purpose: "api", published: ["8000"] },
      { service: "w", port: 8081, purpose: "api", published: ["", "9000"] },
      { service: "pair", port: 5002, purpose: "api", published: [] },
      { service: "pair", port: 8082, purpose: "api", published: [] },
    ]);
  });
});
