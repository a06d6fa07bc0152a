import { describe, expect, it } from "vitest";
import type { OwnerId } from "../database-verdict.ts";
import { planConnect } from "./plan-connect.ts";
import type { DatabaseProperties, SplitObject } from "./split-facts.ts";

const roles = ["airflow", "mlflow", "grafana", "nobody"].map((name) => ({ name, isSuperuser: false, mayLogin: true }));

const database: DatabaseProperties = {
  oid: 1,
  name: "shared",
  owner: "airflow",
  comment: undefined,
  allowsConnections: true,
  connectionLimit: -1,
  bytes: 0,
  grants: undefined,
  settings: [],
};

const table = (key: string, owner: string, granted: readonly string[] = []): SplitObject => ({
  key,
  kind: "table",
  schema: "public",
  name: key,
  identity: key,
  owner,
  needs: [],
  granted,
});

const objects = [table("dag", "airflow"), table("runs", "mlflow", ["grafana"])];
const sides = new Map<string, ReadonlySet<OwnerId>>([
  ["dag", new Set<OwnerId>(["airflow"])],
  ["runs", new Set<OwnerId>(["mlflow"])],
]);

const grantsOf = (part: OwnerId, owner: string, more: Partial<DatabaseProperties> = {}, roleList = roles) =>
  planConnect({ database: { ...database, ...more }, objects, roles: roleList }, { sides }, { part, owner }).map(
    ({ role, privilege }) => `${privilege} ${role ?? "PUBLIC"}`,
  );

describe("planConnect", () => {
  it("lets the owner in by itself, and who was granted something that is there", () => {
    expect(grantsOf("airflow", "airflow")).toEqual(["TEMPORARY PUBLIC"]);
    expect(grantsOf("mlflow", "mlflow")).toEqual(["TEMPORARY PUBLIC", "CONNECT grafana"]);
  });

  it("lets the objects' owner in where the database has another one", () => {
    expect(grantsOf("mlflow", "airflow")).toEqual(["TEMPORARY PUBLIC", "CONNECT mlflow", "CONNECT grafana"]);
  });

  it("does not open what was closed", () => {
    const closed = { grants: [{ role: "grafana", privilege: "CONNECT", grantable: false }] };
    expect(grantsOf("mlflow", "mlflow", closed)).toEqual(["CONNECT grafana"]);
    expect(grantsOf("airflow", "airflow", closed)).toEqual([]);
  });

  it("keeps grants by name but for roles that have their objects elsewhere", () => {
    const named = {
      grants: ["nobody", "mlflow"].map((role) => ({ role, privilege: "CREATE", grantable: false })),
    };
    expect(grantsOf("airflow", "airflow", named)).toEqual(["CREATE nobody"]);
  });

  it("grants a superuser nothing: it may connect anyway", () => {
    const withSuperuser = roles.map((role) => ({ ...role, isSuperuser: role.name === "mlflow" }));
    expect(grantsOf("mlflow", "airflow", {}, withSuperuser)).toEqual(["TEMPORARY PUBLIC", "CONNECT grafana"]);
  });
});
