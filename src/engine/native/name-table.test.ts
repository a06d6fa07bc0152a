import { describe, expect, it } from "vitest";
import { mapAddresses, mapText } from "./map-text.ts";
import { mapAddress, type NameTable } from "./name-table.ts";
import { createPathMap } from "./path-map.ts";

const names: NameTable = {
  hostname: "webserver",
  own: { "8080": 18080 },
  names: { postgres: { "5432": 25432 }, mlflow: { "5000": 15000 }, webserver: { "8080": 18080 } },
};

describe("mapAddress", () => {
  it("leads a name and its port to this machine", () => {
    expect(mapAddress(names, "Postgres", 5432)).toEqual({ host: "127.0.0.1", port: 25432 });
  });

  it("refuses a known name's other ports, as a container does", () => {
    expect(mapAddress(names, "postgres", 5433)?.port).toBe(1);
  });

  it("takes localhost for the unit's own container only", () => {
    expect(mapAddress(names, "localhost", 8080)?.port).toBe(18080);
    expect(mapAddress(names, "localhost", 5432)).toBeUndefined();
  });

  it("does not know other hosts", () => {
    expect(mapAddress(names, "example.org", 443)).toBeUndefined();
  });
});

describe("mapText", () => {
  const paths = createPathMap("/state/root", []);

  it("rewrites connection strings, keeping every other byte", () => {
    const text = "postgresql+psycopg2://u:p%40w@postgres:5432/db?sslmode=disable";
    expect(mapText(text, names, paths)).toBe("postgresql+psycopg2://u:p%40w@127.0.0.1:25432/db?sslmode=disable");
  });

  it("puts the default port in where none is written", () => {
    expect(mapText("postgresql://u@postgres/db", names, paths)).toBe("postgresql://u@127.0.0.1:25432/db");
  });

  it("leaves HTTP addresses: the Host header must be the one a container would send", () => {
    expect(mapText("http://mlflow:5000", names, paths)).toBe("http://mlflow:5000");
  });

  it("leaves databases elsewhere", () => {
    expect(mapText("postgresql://u@db.example.org/x", names, paths)).toBe("postgresql://u@db.example.org/x");
  });
});

describe("mapAddresses", () => {
  it("maps what a healthcheck names itself", () => {
    expect(mapAddresses("curl -f http://localhost:8080/health || exit 1", names)).toBe(
      "curl -f http://127.0.0.1:18080/health || exit 1",
    );
    expect(mapAddresses("nc -z localhost:9999", names)).toBe("nc -z localhost:9999");
  });
});
