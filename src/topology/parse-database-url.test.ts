import { describe, expect, it } from "vitest";
import { findDatabaseUrls, parseDatabaseUrl } from "./parse-database-url.ts";

describe("parseDatabaseUrl", () => {
  it("takes a URL apart as SQLAlchemy does", () => {
    expect(
      parseDatabaseUrl("postgresql+psycopg2://air%40flow:p%2Fw@postgres:5433/airflow?options=-csearch_path%3Dx"),
    ).toMatchObject({
      dialect: "postgresql",
      driver: "psycopg2",
      user: "air@flow",
      password: "p/w",
      host: "postgres",
      port: 5433,
      database: "airflow",
      query: { options: "-csearch_path=x" },
    });
  });

  it("takes Celery's db+ off the dialect", () => {
    expect(parseDatabaseUrl("db+postgresql://a:b@h/c")).toMatchObject({
      dialect: "postgresql",
      driver: undefined,
      host: "h",
    });
  });

  it("leaves a raw @ in the password to the host, as SQLAlchemy does", () => {
    expect(parseDatabaseUrl("postgresql://u:pa@ss@host/db")).toMatchObject({ password: "pa", host: "ss@host" });
  });

  it.each([
    ["postgresql://u:p@db:5432/x", "db:5432"],
    ["postgresql://u:db@db/x", "db"],
    ["postgresql://[::1]:5432/x", "[::1]:5432"],
    ["postgresql://db:db@db:1/db", "db:1"],
  ])("says where the address of %s stands", (text, address) => {
    const url = parseDatabaseUrl(text);
    expect(text.slice(...(url?.hostSpan ?? [0, 0]))).toBe(address);
  });

  it("knows file databases and what is no URL", () => {
    expect(parseDatabaseUrl("sqlite:////opt/airflow/airflow.db")).toMatchObject({
      dialect: "sqlite",
      host: undefined,
      database: "/opt/airflow/airflow.db",
    });
    expect(parseDatabaseUrl("just text")).toBeUndefined();
  });
});

describe("findDatabaseUrls", () => {
  it("finds them inside a script", () => {
    const script =
      "mlflow db upgrade postgresql+psycopg2://a:b@h:1/d && mlflow server --backend-store-uri 'postgresql://c@h2/e'";
    expect(findDatabaseUrls(script).map(({ start, end }) => script.slice(start, end))).toEqual([
      "postgresql+psycopg2://a:b@h:1/d",
      "postgresql://c@h2/e",
    ]);
  });

  it("leaves http addresses alone", () => {
    expect(findDatabaseUrls("curl http://postgres:5432/")).toEqual([]);
  });
});
