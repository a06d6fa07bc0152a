import { describe, expect, it } from "vitest";
import { parseServerUrl } from "./parse-server-url.ts";

describe("parseServerUrl", () => {
  it("reads what libpq reads, drivers of SQLAlchemy taken off", () => {
    const url =
      "postgresql+psycopg2://air%40flow:p%2Fw%25@db.example:6432/air%20flow?connect_timeout=3&options=-csearch_path%3Dx";
    expect(parseServerUrl(url, {})).toEqual({
      host: "db.example",
      address: undefined,
      port: 6432,
      user: "air@flow",
      password: "p/w%",
      database: "air flow",
      tls: { mode: "prefer", serverName: "db.example" },
      options: "-csearch_path=x",
      connectTimeoutMs: 3000,
      passwordFile: undefined,
    });
    expect(parseServerUrl("db+postgres://h/d", {})).toMatchObject({ host: "h", database: "d", user: undefined });
    expect(parseServerUrl("postgresql:///d?host=/run/pg&port=5433", {})).toMatchObject({ host: "/run/pg", port: 5433 });
  });

  it("takes from libpq's variables what the URL leaves out", () => {
    const env = { PGUSER: "u", PGPASSWORD: "w", PGHOST: "other", PGPORT: "1", PGDATABASE: "", PGSSLMODE: "require" };
    expect(parseServerUrl("postgresql://h/d", env)).toMatchObject({
      host: "h",
      port: 1,
      user: "u",
      password: "w",
      database: "d",
      tls: { mode: "require" },
    });
    expect(parseServerUrl("postgresql://h", env).database).toBe(undefined);
  });

  it.each([
    ["disable", "", undefined],
    ["allow", "", { mode: "allow", serverName: "h" }],
    ["require", "", { mode: "require", serverName: "h" }],
    ["require", "&sslrootcert=/ca", { mode: "verify-ca", rootCertificateFile: "/ca", serverName: "h" }],
    ["require", "&sslrootcert=system", { mode: "verify-full", serverName: "h" }],
    ["verify-full", "&hostaddr=10.0.0.1", { mode: "verify-full", serverName: "h" }],
  ])("means TLS as sslmode=%s%s says", (mode, more, tls) => {
    expect(parseServerUrl(`postgresql://h/d?sslmode=${mode}${more}`, {}).tls).toEqual(tls);
  });

  it("connects to hostaddr and keeps the name", () => {
    expect(parseServerUrl("postgresql://h/d?hostaddr=10.0.0.1", {})).toMatchObject({ host: "h", address: "10.0.0.1" });
  });

  it.each([
    ["mysql://h/d", /does not begin with postgresql/],
    ["postgresql://u:s3cret@a,b/d", /several hosts/],
    ["postgresql://u:s3cret@h:x1/d", /port x1/],
    ["postgresql://u:s3cret@h/d?sslmode=on", /sslmode=on is none of/],
    ["postgresql://u:s3cret@h/d?service=x", /option service is not supported/],
    ["postgresql://u:s3cret@h/d?require_auth=none", /require_auth/],
    ["postgresql://u:s3cret%@h/d", /invalid percent-encoded token/],
    ["postgresql://h/d?s3cret=1", /invalid URI query parameter\.$/],
  ])("refuses %s and tells no password", (url, message) => {
    expect(() => parseServerUrl(url, {})).toThrow(message);
    expect(() => parseServerUrl(url, {})).not.toThrow(/s3cret/);
  });
});
