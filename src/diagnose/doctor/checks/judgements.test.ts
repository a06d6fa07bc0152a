import { describe, expect, it } from "vitest";
import type { FileFacts } from "../../../ports/files.ts";
import { judgeBudget } from "./connection-budget.ts";
import { judgeAppArmor, judgeSelinux } from "./confinement.ts";
import { judgeErrors } from "./dag-imports.ts";
import { judgeSkew, judgeTime } from "./clock.ts";
import { judgeFree } from "./disk.ts";
import { judgeMemory } from "./memory.ts";
import { judgeAge } from "./heartbeats.ts";
import { judgeGrowth } from "./log-growth.ts";
import { judgeSkew as judgeClient } from "./mlflow-client.ts";
import { judgePaths } from "./native-paths.ts";
import { judgeLimit, readHardLimit } from "./nofile.ts";
import { judgeFolder } from "./ownership.ts";
import { judgeVersions } from "./server-versions.ts";
import { judgeUnit } from "./services.ts";
import { judgeShared } from "./shared-memory.ts";
import { judgeValues } from "./shared-secrets.ts";
import { judgeWal } from "./wal.ts";

const GIBIBYTE = 2 ** 30;
const memory = (total: number, available: number): string =>
  `MemTotal:       ${(total * GIBIBYTE) / 1024} kB\nMemFree: 1 kB\nMemAvailable:   ${(available * GIBIBYTE) / 1024} kB\n`;

describe("the machine", () => {
  it.each([
    [memory(8, 4), "ok"],
    [memory(2, 1), "warn"],
    [memory(8, 0.25), "warn"],
    ["", "unknown"],
  ])("judges memory", (text, outcome) => expect(judgeMemory(text).outcome).toBe(outcome));

  it.each([
    [10 * GIBIBYTE, "ok"],
    [2 * GIBIBYTE, "warn"],
    [GIBIBYTE / 4, "fail"],
  ])("judges %d free bytes", (bytes, outcome) => expect(judgeFree(bytes, "df -h /x").outcome).toBe(outcome));

  it.each([
    ["Max open files            1024                 1048576              files     ", "ok"],
    ["Max open files            1024                 1024                 files     ", "warn"],
    ["Max open files            unlimited            unlimited            files     ", "ok"],
    ["Max processes             1                    1                    processes ", "unknown"],
  ])("judges the limit in %s", (text, outcome) => expect(judgeLimit(readHardLimit(text), "").outcome).toBe(outcome));

  const folder = (uid: number, gid: number, mode: number): FileFacts => ({
    kind: "directory",
    size: 0,
    mtimeMs: 0,
    uid,
    gid,
    mode,
  });
  const account = { uid: 50_000, gid: 0 };
  it.each([
    ["write", folder(50_000, 0, 0o755), "ok"],
    ["write", folder(0, 0, 0o775), "ok"],
    ["write", folder(0, 0, 0o755), "fail"],
    ["write", folder(1000, 1000, 0o775), "fail"],
    ["read", folder(1000, 1000, 0o775), "ok"],
    ["read", folder(1000, 1000, 0o750), "fail"],
    ["write", undefined, "warn"],
  ] as const)("judges who may %s %j", (need, facts, outcome) => {
    const answer = judgeFolder({ path: "/p/my logs", need, account }, facts);
    const give = need === "write" ? "chown -R 50000:0 '/p/my logs'" : "chmod -R a+rX '/p/my logs'";
    const cure = outcome === "ok" ? "" : give;
    expect(answer).toMatchObject({ outcome });
    expect(answer.cure ?? "").toContain(cure);
  });
});

describe("what else the machine lacks", () => {
  it.each([
    [undefined, ["airflow"], "ok", "not enforcing"],
    ["0\n", ["airflow"], "ok", "not enforcing"],
    ["1\n", [], "ok", "all bind mounts are labelled"],
    ["1\n", ["airflow", "mlflow"], "warn", "airflow, mlflow have no :z"],
  ])("judges SELinux at %j with unlabelled mounts of %j", (enforce, unlabelled, outcome, fact) => {
    expect(judgeSelinux(enforce, unlabelled)).toMatchObject({ outcome, fact: expect.stringContaining(fact) as string });
  });

  it.each([
    ["/var/lib/docker", ["apparmor"], "/srv/stack", "ok"],
    ["/var/snap/docker/common/var-lib-docker", [], "/srv/stack", "ok"],
    ["/var/snap/docker/common/var-lib-docker", ["apparmor"], "/home/you/stack", "ok"],
    ["/var/snap/docker/common/var-lib-docker", ["apparmor"], "/srv/stack", "warn"],
  ])("judges an engine in %s with %j for %s", (rootDirectory, security, directory, outcome) => {
    expect(judgeAppArmor({ rootDirectory, security }, directory).outcome).toBe(outcome);
  });

  it("names AIRFLOW_UID only where the file reads it, and --fix only where this account may", () => {
    const own = { uid: 50_000, gid: 0, variable: "AIRFLOW_UID" };
    const fix = { title: "", apply: async () => undefined };
    const told = judgeFolder({ path: "/p/logs", need: "write", account: own, fix }, undefined);
    expect(told.cure?.split("\n")).toEqual([
      "bulkhead doctor --fix",
      "mkdir -p /p/logs",
      "sudo chown -R 50000:0 /p/logs",
      'Or run as yourself: echo "AIRFLOW_UID=$(id -u)" >> .env',
    ]);
    expect(
      judgeFolder({ path: "/p/logs", need: "write", account: { uid: 50_000, gid: 0 } }, undefined).cure,
    ).not.toMatch(/AIRFLOW_UID|--fix/);
  });

  it.each([
    [64 * 2 ** 20, "ok"],
    [8 * 2 ** 20, "warn"],
    [undefined, "fail"],
  ])("judges %s bytes of shared memory", (bytes, outcome) =>
    expect(judgeShared(bytes, 32 * 2 ** 20, "").outcome).toBe(outcome),
  );

  it("judges a clock by the past", () => {
    const now = Date.parse("2026-05-04T10:00:00Z");
    expect(judgeTime(now, "2026-05-03")).toMatchObject({ outcome: "ok", fact: "2026-05-04 10:00 UTC" });
    expect(judgeTime(now, "2026-05-05").outcome).toBe("fail");
  });
});

describe("the stack", () => {
  const unit = {
    service: "app",
    hash: "",
    state: "running",
    health: "unknown",
    pid: 1,
    startedAt: undefined,
    endedAt: undefined,
    exitCode: undefined,
    restarts: 0,
    healthDetail: undefined,
  } as const;
  it.each([
    [unit, false, "ok"],
    [{ ...unit, restarts: 2 }, false, "warn"],
    [{ ...unit, health: "unhealthy" }, false, "fail"],
    [{ ...unit, state: "crash-loop", exitCode: 1 }, false, "fail"],
    [{ ...unit, state: "exited", exitCode: 0 }, false, "fail"],
    [{ ...unit, state: "exited", exitCode: 0 }, true, "ok"],
    [{ ...unit, state: "exited", exitCode: 1 }, true, "fail"],
    [{ ...unit, state: "stopped" }, false, "unknown"],
    [undefined, true, "ok"],
  ] as const)("judges the service %j", (status, isDone, outcome) => {
    expect(judgeUnit("app", status, isDone).outcome).toBe(outcome);
  });

  it.each([
    [{ a: "s3cret", b: "s3cret" }, "ok"],
    [{ a: "s3cret", b: "other1" }, "fail"],
    [{ a: "s3cret", b: undefined }, "fail"],
    [{ a: undefined, b: undefined }, "warn"],
    [{ a: undefined }, "ok"],
    [{ a: "from elsewhere", b: "s3cret" }, "unknown"],
  ])("judges the key %j and does not tell it", (values, outcome) => {
    const answer = judgeValues("KEY", new Map(Object.entries(values)));
    expect(answer.outcome).toBe(outcome);
    expect(JSON.stringify(answer)).not.toMatch(/s3cret|other1/);
  });

  it.each([
    [10, "ok"],
    [80, "warn"],
    [97, "fail"],
  ])("judges %d of 97 sessions", (used, outcome) => {
    expect(judgeBudget("db", { most: 97, used, roles: "60 of airflow" }).outcome).toBe(outcome);
  });

  it.each([
    [{ bytes: GIBIBYTE, most: GIBIBYTE, slots: undefined, failed: 0 }, "ok"],
    [{ bytes: 3 * GIBIBYTE, most: GIBIBYTE, slots: undefined, failed: 0 }, "warn"],
    [{ bytes: GIBIBYTE, most: GIBIBYTE, slots: "old", failed: 0 }, "warn"],
    [{ bytes: 3 * GIBIBYTE, most: GIBIBYTE, slots: "old", failed: 0 }, "fail"],
    [{ bytes: 3 * GIBIBYTE, most: GIBIBYTE, slots: undefined, failed: 9 }, "fail"],
  ])("judges the write-ahead log %j", (facts, outcome) => expect(judgeWal("psql", facts).outcome).toBe(outcome));

  it("judges majors and clocks", () => {
    const runs = (number: number, version: string, clients?: string) =>
      judgeVersions("db", { major: 17, number, version, clients });
    expect(runs(170_002, "17.2")).toMatchObject({ outcome: "ok", fact: "17.2" });
    expect(runs(170_002, "17.2", "17.4")).toMatchObject({ outcome: "ok", fact: "17.2, clients 17.4" });
    expect(runs(170_002, "17.2", "16.4").outcome).toBe("warn");
    expect(runs(130_023, "13.23").cure).toContain("postgres:13");
    expect(judgeSkew(-4_000).outcome).toBe("ok");
    expect(judgeSkew(-90_000).fact).toContain("90.0 s behind");
  });

  it.each([
    [3, "ok"],
    [31, "fail"],
    [undefined, "fail"],
  ])("judges a heartbeat %s s old", (age, outcome) => expect(judgeAge("scheduler", age, 30).outcome).toBe(outcome));

  it.each([
    ["3.17.2", "ok"],
    ["2.7.1", "warn"],
  ])("judges the client %s of a server 3.1.0", (client, outcome) =>
    expect(judgeClient("mlflow", { client, runs: "3.1.0" }).outcome).toBe(outcome),
  );

  it("judges logs and paths", () => {
    expect(judgeGrowth(GIBIBYTE, "find").outcome).toBe("ok");
    expect(judgeGrowth(9 * GIBIBYTE, "find")).toMatchObject({ outcome: "warn", cure: "find" });
    expect(judgePaths([]).outcome).toBe("ok");
    expect(judgePaths(["a", "b", "c", "d"]).fact).toBe("not mapped natively: a, b, c, and 1 more");
  });

  it("tells why a DAG file was not imported", () => {
    const trace = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'pandas.core'\n";
    expect(judgeErrors([]).outcome).toBe("ok");
    const answer = judgeErrors([
      ["/dags/a.py", trace],
      ["/dags/b.py", "SyntaxError: x"],
    ]);
    expect(answer.fact).toBe("/dags/a.py: ModuleNotFoundError: No module named 'pandas.core', and 1 more");
    expect(answer.cure).toContain("package of pandas to");
  });
});
