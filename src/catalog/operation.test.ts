import { describe, expect, it } from "vitest";
import { airflowOperation } from "./airflow/operation.ts";
import { mlflowOperation } from "./mlflow/operation.ts";

describe("airflowOperation", () => {
  it.each([
    ["2.6.3", "upgrade", "webserver"],
    ["2.7.0", "migrate", "webserver"],
    ["2.11.2", "migrate", "webserver"],
    ["3.3.2", "migrate", "api-server"],
  ])("%s migrates with `db %s` and serves from its %s", (version, verb, api) => {
    expect(airflowOperation(version)).toMatchObject({ migrate: ["airflow", "db", verb], api });
  });

  it("tells where users come from", () => {
    const fab = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager";
    expect(airflowOperation("3.3.2").users).toBe("simple");
    expect(airflowOperation("3.3.2", fab).users).toBe("fab");
    expect(airflowOperation("2.10.5").users).toBe("fab");
  });

  it("names the keys of its own major only", () => {
    expect(airflowOperation("3.3.2").equalSettings).toContain("AIRFLOW__API_AUTH__JWT_SECRET");
    expect(airflowOperation("2.7.0").equalSettings).not.toContain("AIRFLOW__CORE__INTERNAL_API_SECRET_KEY");
    expect(airflowOperation("2.10.0").equalSettings).toContain("AIRFLOW__CORE__INTERNAL_API_SECRET_KEY");
  });
});

describe("mlflowOperation", () => {
  it.each([
    ["2.7.1", false, false],
    ["3.5.0", false, true],
    ["3.13.0", false, true],
    ["3.14.0", true, true],
  ])(
    "%s: upgrades an empty database %s, checks Host headers %s",
    (version, migratesEmptyDatabase, checksHostHeader) => {
      expect(mlflowOperation(version)).toMatchObject({ migratesEmptyDatabase, checksHostHeader });
    },
  );
});
