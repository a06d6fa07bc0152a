import { describe, expect, it } from "vitest";
import { topologyOf } from "../../test/helpers/topology-of.ts";
import { parseAirflowConnection } from "./parse-airflow-connection.ts";

describe("endpoints", () => {
  it("are brokers, MLflow servers and Airflow's own connections", () => {
    const { endpoints } = topologyOf(`
services:
  worker:
    image: apache/airflow:2.10.5
    command: celery worker
    environment:
      AIRFLOW__CELERY__BROKER_URL: redis://:@redis:6379/0
      AIRFLOW__CORE__EXECUTION_API_SERVER_URL: http://api:8080/execution/
      AIRFLOW_CONN_WAREHOUSE: postgres://u:p@db/w
      MLFLOW_TRACKING_URI: http://mlflow:5000
  redis: { image: "redis:7" }
  trainer: { image: "python:3.12", environment: { MLFLOW_TRACKING_URI: "$NOWHERE" } }
`);
    expect(
      endpoints.map(({ service, role, scheme, host, port, target }) => [
        service,
        role,
        scheme,
        host,
        port,
        target?.kind,
      ]),
    ).toEqual([
      ["worker", "broker", "redis", "redis", 6379, "service"],
      ["worker", "execution-api", "http", "api", 8080, "unknown-name"],
      ["worker", "airflow-connection", "postgres", "db", 5432, "unknown-name"],
      ["worker", "tracking", "http", "mlflow", 5000, "unknown-name"],
      ["trainer", "tracking", "", undefined, undefined, undefined],
    ]);
    expect(endpoints[0]?.state).toEqual({ kind: "known" });
    expect(endpoints[2]).toMatchObject({ connectionId: "warehouse", app: "airflow" });
    expect(endpoints[4]?.state).toEqual({ kind: "unknown", reason: "NOWHERE is not set" });
  });
});

describe("parseAirflowConnection", () => {
  it.each<[string, object]>([
    [
      "postgres://u:p%40w@db:5433/x?a=b",
      { scheme: "postgres", user: "u", password: "p@w", host: "db", port: 5433, database: "x" },
    ],
    ["postgres://u:p@w@db/x", { user: "u", password: "p@w", host: "db", database: "x" }],
    ["google-cloud-platform://", { scheme: "google-cloud-platform", host: undefined }],
    [
      '{"conn_type": "postgres", "login": "u", "password": "p", "host": "db", "port": 5433, "schema": "x"}',
      { scheme: "postgres", user: "u", password: "p", host: "db", port: 5433, database: "x" },
    ],
  ])("%s", (text, expected) => {
    expect(parseAirflowConnection(text)).toMatchObject(expected);
  });

  it.each([
    ["postgres://user:pa@ss@db:5433/name", ["user", "pa@ss", "db", "5433", "name"]],
    [
      '{"host": "db", "login": "user", "password": "pass", "port": 5433, "schema": "name"}',
      ["user", "pass", "db", "5433", "name"],
    ],
  ])("knows where the parts of %s stand", (text, expected) => {
    const spans = parseAirflowConnection(text)?.spans;
    const parts = (["user", "password", "host", "port", "database"] as const).map((part) =>
      text.slice(...(spans?.[part] ?? [0, 0])),
    );
    expect(parts).toEqual(expected);
  });

  it("is undefined for what is neither", () => {
    expect(parseAirflowConnection("just text")).toBeUndefined();
    expect(parseAirflowConnection("{broken")).toBeUndefined();
  });
});
