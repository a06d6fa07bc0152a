import { describe, expect, it } from "vitest";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import { requestFor } from "../../test/helpers/request-for.ts";
import { overlaySources } from "../edit/overlay-sources.ts";
import { resolveTopology } from "../topology/resolve-topology.ts";
import { applyFixes } from "./apply-fixes.ts";
import { createJudge } from "./create-judge.ts";
import { sharedDatabase } from "./databases/shared-database.ts";
import { mlflowAuthSharesDatabase } from "./mlflow/mlflow-auth-shares-database.ts";
import type { JudgeOptions } from "./rule.ts";

const compose = `services:
  postgres: &server
    image: postgres:16
    environment: { POSTGRES_PASSWORD: a, POSTGRES_DB: shared }
    healthcheck: { test: pg_isready -h 127.0.0.1 -U postgres }
  other-db:
    <<: *server
    environment: { POSTGRES_PASSWORD: b, POSTGRES_DB: wiki }
  airflow:
    image: apache/airflow:2.10.5
    command: webserver
    environment: { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql+psycopg2://postgres:a@postgres/shared" }
  mlflow:
    image: ghcr.io/mlflow/mlflow:v2.22.0
    command: mlflow server --backend-store-uri postgresql+psycopg2://postgres:a@postgres/shared
`;

/** Where the files lead each application, and `users` of MLflow, once they are repaired: `SERVICE/DATABASE`. */
function separate(
  wanted: Partial<JudgeOptions>,
  files: Readonly<Record<string, string>> = { "compose.yaml": compose },
) {
  const sources = memorySources(files);
  const random = { bytes: (length: number) => new Uint8Array(length).fill(7) };
  const options = { sameServer: false, today: "2026-11-23", ...wanted };
  const judge = createJudge(requestFor(), [sharedDatabase, mlflowAuthSharesDatabase], { random, options });
  const { edits } = applyFixes(sources, judge, () => true);
  const after = overlaySources(sources, edits);
  const { project } = judge(after).outcome;
  if (project === undefined) throw new Error("the edited project cannot be loaded");
  const { connections, servers } = resolveTopology(project, after);
  return {
    leads: Object.fromEntries(
      connections.map((one) => [one.role === "auth" ? "users" : one.service, `${one.server}/${one.database}`]),
    ),
    servers: servers.map(({ service }) => service),
  };
}

describe("separateDatabases", () => {
  it("gives the application that the database is not named after a server of its own", () => {
    expect(separate({})).toEqual({
      leads: { airflow: "postgres/shared", mlflow: "postgres-mlflow/mlflow" },
      servers: ["postgres", "postgres-mlflow", "other-db"],
    });
  });

  it("calls that server as it is told", () => {
    const { leads, servers } = separate({ toServer: "runs-db" });
    expect(leads).toEqual({ airflow: "postgres/shared", mlflow: "runs-db/mlflow" });
    expect(servers).toContain("runs-db");
  });

  it("takes a server that is there, and leaves its databases alone", () => {
    const { leads, servers } = separate({ toServer: "other-db" });
    expect(leads).toMatchObject({ airflow: "postgres/shared", mlflow: "other-db/mlflow" });
    expect(servers).toEqual(["postgres", "other-db"]);
  });

  it("lets the one leave that is to", () => {
    const { leads } = separate({ leaves: "airflow" });
    expect(leads).toEqual({ airflow: "postgres-airflow/airflow", mlflow: "postgres/shared" });
  });

  it("moves an MLflow whose users are there too: they get a database beside the one that is left", () => {
    const withUsers = `${compose.trimEnd()} --app-name basic-auth
    environment: { MLFLOW_AUTH_CONFIG_PATH: /basic_auth.ini }
    volumes: ["./basic_auth.ini:/basic_auth.ini"]
`;
    const ini = "[mlflow]\ndatabase_uri = postgresql+psycopg2://postgres:a@postgres/shared\n";
    const { leads } = separate({ toServer: "other-db" }, { "compose.yaml": withUsers, "basic_auth.ini": ini });
    expect(leads).toEqual({ airflow: "postgres/shared", mlflow: "other-db/mlflow", users: "postgres/shared_auth" });
  });
});
