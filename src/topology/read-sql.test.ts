import { describe, expect, it } from "vitest";
import { readSql } from "./read-sql.ts";
import { traceValue } from "./traced-text.ts";

function read(sql: string, variables: Readonly<Record<string, string>> = {}) {
  const psql = new Map(Object.entries(variables).map(([name, value]) => [name, traceValue(value, ["v", name])]));
  return readSql(traceValue(sql, ["sql"]), psql).map((effect) => {
    const { text: _text, ...rest } = { text: undefined, ...effect };
    return "password" in rest && typeof rest.password === "object" ? { ...rest, password: rest.password.text } : rest;
  });
}

describe("readSql", () => {
  it("reads databases, roles and schemas, names folded as PostgreSQL folds them", () => {
    expect(
      read(
        "CREATE DATABASE MLflow WITH OWNER = \"Ann\" ENCODING 'UTF8'; create schema if not exists s authorization ann",
      ),
    ).toEqual([
      { kind: "create-database", name: "mlflow", owner: "Ann" },
      { kind: "schema", name: "s", owner: "ann" },
    ]);
    expect(
      read("CREATE USER a WITH ENCRYPTED PASSWORD 'it''s' SUPERUSER; CREATE ROLE b; ALTER ROLE b LOGIN PASSWORD NULL;"),
    ).toEqual([
      { kind: "role", name: "a", isNew: true, password: "it''s", superuser: true, canLogin: true },
      { kind: "role", name: "b", isNew: true, password: undefined, superuser: false, canLogin: false },
      { kind: "role", name: "b", isNew: false, password: "null", superuser: undefined, canLogin: true },
    ]);
  });

  it("reads grants and owners", () => {
    expect(
      read(
        "GRANT ALL PRIVILEGES ON DATABASE a, b TO x; GRANT CREATE, USAGE ON SCHEMA public TO x, y WITH GRANT OPTION; GRANT boss TO x; ALTER DATABASE a OWNER TO x;",
      ),
    ).toEqual([
      { kind: "grant", privileges: ["ALL"], on: "database", object: "a", grantee: "x" },
      { kind: "grant", privileges: ["ALL"], on: "database", object: "b", grantee: "x" },
      { kind: "grant", privileges: ["CREATE", "USAGE"], on: "schema", object: "public", grantee: "x" },
      { kind: "grant", privileges: ["CREATE", "USAGE"], on: "schema", object: "public", grantee: "y" },
      { kind: "grant", privileges: ["MEMBER"], on: "role", object: "boss", grantee: "x" },
      { kind: "owner", on: "database", object: "a", owner: "x" },
    ]);
  });

  it.each([
    "SELECT 'CREATE DATABASE mlflow' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'mlflow')\\gexec",
    "SELECT format('CREATE DATABASE %I', 'mlflow')\n\\gexec\n",
    "DO $$ BEGIN PERFORM dblink_exec('dbname=postgres', 'CREATE DATABASE mlflow'); END $$;",
    "/* CREATE DATABASE a; */ -- CREATE DATABASE b;\nCREATE DATABASE :db;",
  ])("%s", (sql) => {
    expect(read(sql, { db: "mlflow" })).toEqual([{ kind: "create-database", name: "mlflow", owner: undefined }]);
  });

  it("reads roles that a block makes when they are missing", () => {
    const block =
      "DO $body$\nBEGIN\n  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'm') THEN\n    CREATE ROLE m LOGIN PASSWORD 'p';\n  END IF;\nEND\n$body$;";
    expect(read(block)).toEqual([
      { kind: "role", name: "m", isNew: true, password: "p", superuser: false, canLogin: true },
    ]);
  });

  it("follows connections and includes, and says what it cannot read", () => {
    expect(read("\\c mlflow\n\\i /x.sql\nSELECT 'CREATE DATABASE ' || datname FROM t \\gexec")).toEqual([
      { kind: "connect", database: "mlflow" },
      { kind: "include", path: "/x.sql" },
      { kind: "unreadable", reason: "\\gexec runs a statement that is put together" },
    ]);
    expect(read("CREATE TABLE database (owner text); INSERT INTO x VALUES ('CREATE DATABASE y');")).toEqual([]);
  });

  it("knows where a name is written", () => {
    const sql = 'CREATE DATABASE "ml";';
    const [effect] = readSql(traceValue(sql, ["sql"]));
    const place = effect?.kind === "create-database" ? effect.text.pieces[0]?.place : undefined;
    expect(place).toMatchObject({ start: 17, end: 19 });
  });
});
