import { describe, expect, it } from "vitest";

import type { Service } from "../../compose/project.ts";
import { createPathMap } from "./path-map.ts";
import { planOwnCheck } from "./plan-own-check.ts";

const names = {
  hostname: "db",
  own: { 5432: 15_001, 8080: 15_002 },
  names: { db: { 5432: 15_001 }, mlflow: { 5000: 15_003 } },
};
const paths = createPathMap("/state/root", [{ target: "/data", source: "/volumes/data" }]);

function plan(test: readonly string[], more: object = {}): readonly string[] | undefined {
  const service = { healthcheck: { test, ...more } } as unknown as Service;
  return planOwnCheck(service, names, paths)?.argv;
}

describe("planOwnCheck", () => {
  it("leads PostgreSQL's clients to the server's port here", () => {
    expect(plan(["CMD", "pg_isready", "-h", "127.0.0.1", "-p", "5432", "-U", "x"])).toEqual(
      ["pg_isready", "-h", "127.0.0.1", "-p", "15001", "-U", "x"], // prettier keeps one line
    );
    expect(plan(["CMD-SHELL", 'pg_isready --host=db --port=5432 -U "$POSTGRES_USER"'])).toEqual([
      "/bin/sh",
      "-c",
      'pg_isready --host=127.0.0.1 --port=15001 -U "$POSTGRES_USER"',
    ]);
    expect(plan(["CMD-SHELL", "pg_isready -U postgres"])?.[2]).toBe("pg_isready -U postgres");
  });

  it("keeps the Host header of curl and of Python", () => {
    expect(plan(["CMD", "curl", "-f", "http://localhost:8080/health"])).toEqual([
      "curl",
      "--connect-to",
      "localhost:8080:127.0.0.1:15002",
      "-f",
      "http://localhost:8080/health",
    ]);
    expect(plan(["CMD-SHELL", "curl -f http://mlflow:5000/ || exit 1"])?.[2]).toBe(
      "curl --connect-to mlflow:5000:127.0.0.1:15003 -f http://mlflow:5000/ || exit 1",
    );
    expect(plan(["CMD", "python", "-c", "open('http://localhost:8080')"])).toEqual([
      "python",
      "-c",
      "open('http://localhost:8080')",
    ]);
  });

  it("maps what other programs name, and paths", () => {
    expect(plan(["CMD-SHELL", "nc -z localhost 5432"])?.[2]).toBe("nc -z 127.0.0.1 15001");
    expect(plan(["CMD-SHELL", "wget -q http://localhost:8080/"])?.[2]).toBe("wget -q http://127.0.0.1:15002/");
    expect(plan(["CMD", "test", "-f", "/data/ready"])).toEqual(["test", "-f", "/volumes/data/ready"]);
    expect(plan(["CMD-SHELL", "true > /dev/tcp/localhost/5432"])?.[2]).toContain("/dev/tcp/127.0.0.1/15001");
  });

  it("leaves out what is disabled or starts Airflow's command line", () => {
    expect(plan(["NONE"])).toBeUndefined();
    expect(plan(["CMD", "true"], { disable: true })).toBeUndefined();
    expect(plan(["CMD-SHELL", 'airflow jobs check --hostname "$(hostname)"'])).toBeUndefined();
  });
});
