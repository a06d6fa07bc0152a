import { describe, expect, it } from "vitest";
import { airflowImage, planAirflowEntrypoint } from "../catalog/airflow/image.ts";
import type { Mount } from "../compose/project.ts";
import type { ServiceRole } from "../topology/topology.ts";
import { planTemplate } from "./plan-template.ts";

function planOf(
  product: "airflow" | "mlflow",
  version: string,
  command: readonly string[],
  more: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly entrypoint?: readonly string[];
    readonly mount?: string;
  } = {},
) {
  const { environment = {}, entrypoint, mount } = more;
  const given = product === "airflow" && entrypoint === undefined ? planAirflowEntrypoint(command) : command;
  const role = {
    product,
    version,
    argv: [...(entrypoint ?? []), ...given],
    environment,
    ...(product === "airflow" ? { behaviour: airflowImage } : {}),
  } as unknown as ServiceRole;
  const volumes = mount === undefined ? [] : [{ type: "bind", target: mount, other: {} } satisfies Mount];
  return planTemplate(role, { volumes, ...(entrypoint === undefined ? {} : { entrypoint }) });
}

const script = (text: string): readonly string[] => ["bash", "-c", text];

describe("planTemplate for Airflow", () => {
  it("tells a migration alone from one with other work behind it", () => {
    const alone = { kind: "alone", command: ["airflow", "db", "migrate"], settings: [] };
    expect(planOf("airflow", "3.3.2", ["db", "migrate"])).toEqual(alone);
    expect(planOf("airflow", "3.3.2", script("exec airflow db migrate --verbose"))).toEqual(alone);
    expect(planOf("airflow", "2.6.3", ["db", "upgrade"])?.command).toEqual(["airflow", "db", "upgrade"]);
    const first = { ...alone, kind: "first" };
    expect(planOf("airflow", "2.7.0", script("airflow db migrate &&\nairflow users create --role Admin"))).toEqual(
      first,
    );
    expect(planOf("airflow", "2.7.0", script("pip install x && airflow db migrate && airflow webserver"))).toEqual(
      first,
    );
    expect(planOf("airflow", "2.7.0", script("airflow db check; airflow db migrate; true"))).toEqual(first);
  });

  it("knows the image's entry point, called by the image or by the file's script", () => {
    const environment = { _AIRFLOW_DB_MIGRATE: "true", _AIRFLOW_WWW_USER_CREATE: "true" };
    expect(planOf("airflow", "2.7.0", ["version"], { environment })).toMatchObject({
      kind: "first",
      command: ["airflow", "db", "migrate"],
    });
    expect(planOf("airflow", "2.6.0", ["version"], { environment })?.command).toEqual(["airflow", "db", "upgrade"]);
    const entrypoint = ["/bin/bash", "-c"];
    const official = "mkdir -p /sources/logs\nchown -R 50000:0 /sources\nexec /entrypoint airflow version";
    expect(planOf("airflow", "2.10.5", [official], { environment, entrypoint })?.kind).toBe("first");
    // Nothing calls it: as written, nothing migrates.
    expect(planOf("airflow", "2.10.5", ["airflow version"], { environment, entrypoint })).toBeUndefined();
  });

  it("keeps settings that decide the tables, and no connections and keys", () => {
    const environment = {
      AIRFLOW__FAB__UPDATE_FAB_PERMS: "false",
      AIRFLOW__CORE__AUTH_MANAGER: "a.FabAuthManager",
      AIRFLOW__CORE__DEFAULT_POOL_TASK_SLOT_COUNT: "64",
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql://a:b@c/d",
      AIRFLOW__CORE__FERNET_KEY: "k",
    };
    expect(planOf("airflow", "3.3.2", ["db", "migrate"], { environment })?.settings).toEqual([
      "AIRFLOW__CORE__AUTH_MANAGER=a.FabAuthManager",
      "AIRFLOW__CORE__DEFAULT_POOL_TASK_SLOT_COUNT=64",
      "AIRFLOW__FAB__UPDATE_FAB_PERMS=false",
    ]);
  });

  it.each<[string, readonly string[], Parameters<typeof planOf>[3]?]>([
    ["another revision", ["db", "migrate", "--to-version", "2.6.0"]],
    ["printing only", ["db", "migrate", "--show-sql-only"]],
    ["example connections, encrypted", ["db", "init"]],
    [
      "a guard that asks the database",
      script("airflow db check-migrations || (airflow db migrate && airflow users list)"),
    ],
    ["a program that may ask it", script("python wait.py && airflow db migrate")],
    ["a condition", script("if true; then airflow db migrate; fi")],
    ["settings in the script", script("AIRFLOW__CORE__AUTH_MANAGER=x.Y airflow db migrate")],
    ["settings in a file", ["db", "migrate"], { mount: "/opt/airflow/airflow.cfg" }],
    ["a named configuration", ["db", "migrate"], { environment: { AIRFLOW_CONFIG: "/etc/airflow.cfg" } }],
    ["a schema", ["db", "migrate"], { environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_SCHEMA: "airflow" } }],
    ["a user made before the tables", ["db", "migrate"], { environment: { _AIRFLOW_WWW_USER_CREATE: "true" } }],
    ["no migration", ["webserver"]],
  ])("leaves alone: %s", (_name, command, more) => {
    expect(planOf("airflow", "2.7.0", command, more)).toBeUndefined();
  });

  it("takes `db init` that stores no connections", () => {
    const environment = { AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS: "False" };
    expect(planOf("airflow", "2.5.0", ["db", "init"], { environment })?.kind).toBe("alone");
  });
});

describe("planTemplate for MLflow", () => {
  const server = { kind: "start", command: ["mlflow", "server"], settings: [] };
  it("takes a server that makes its tables, and a migration that works on an empty database", () => {
    expect(planOf("mlflow", "2.7.1", script("pip install psycopg2-binary &&\nexec mlflow server --port 5000"))).toEqual(
      server,
    );
    expect(planOf("mlflow", "3.17.2", ["mlflow", "server"])).toEqual(server);
    expect(planOf("mlflow", "3.17.2", script("mlflow db upgrade postgresql://db/m && mlflow server"))).toEqual(server);
    expect(planOf("mlflow", "3.17.2", ["mlflow", "db", "upgrade", "postgresql://db/m"])).toEqual({
      ...server,
      kind: "alone",
      command: ["mlflow", "db", "upgrade"],
    });
  });

  it("hides no migration that fails on an empty database", () => {
    expect(planOf("mlflow", "2.7.1", ["mlflow", "db", "upgrade", "postgresql://db/m"])).toBeUndefined();
    expect(planOf("mlflow", "2.7.1", script("mlflow db upgrade postgresql://db/m && mlflow server"))).toBeUndefined();
  });

  it("leaves alone a server behind a program that may write to the database", () => {
    expect(planOf("mlflow", "2.7.1", script("python setup.py; mlflow server"))).toBeUndefined();
    expect(planOf("mlflow", "2.7.1", script("psql -f x.sql && mlflow server"))).toBeUndefined();
    expect(planOf("mlflow", "2.7.1", ["mlflow", "gc"])).toBeUndefined();
  });
});
