import { describe, expect, it } from "vitest";
import { findAirflowLogins } from "./find-airflow-logins.ts";
import type { ServiceRole } from "./topology.ts";

function role(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): ServiceRole {
  return { service: "init", product: "airflow", argv, environment } as unknown as ServiceRole;
}

describe("findAirflowLogins", () => {
  it("reads the entrypoint's variables; the user defaults to admin", () => {
    expect(findAirflowLogins([role([], { _AIRFLOW_WWW_USER_PASSWORD: "p" })])).toEqual([
      { user: "admin", password: "p", service: "init", variable: "_AIRFLOW_WWW_USER_PASSWORD" },
    ]);
  });

  it("reads flags, and the variables behind them", () => {
    const script = 'airflow db migrate && airflow users create --username admin --password="$PW" --role Admin';
    expect(findAirflowLogins([role(["bash", "-c", script], { PW: "secret" })])).toEqual([
      { user: "admin", password: "secret", service: "init", variable: "PW" },
    ]);
    const [written] = findAirflowLogins([role(["airflow", "users", "create", "-u", "a", "-p", "b"])]);
    expect(written).toMatchObject({ user: "a", password: "b", variable: undefined });
  });

  it("reads both variables of the entrypoint", () => {
    const named = { _AIRFLOW_WWW_USER_USERNAME: "ann", _AIRFLOW_WWW_USER_PASSWORD: "p" };
    expect(findAirflowLogins([role([], named)])).toMatchObject([{ user: "ann", password: "p" }]);
  });

  it("finds none where the password comes from elsewhere", () => {
    expect(findAirflowLogins([role(["airflow", "users", "create", "-u", "ann"])])).toEqual([]);
  });

  it("does not take other applications' variables", () => {
    const other = { ...role([], { ADMIN_USER: "a", ADMIN_PASSWORD: "b" }), product: "mlflow" as const };
    expect(findAirflowLogins([other])).toEqual([]);
  });
});
