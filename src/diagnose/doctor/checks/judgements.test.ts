import { describe, expect, it } from "vitest";
import type { FileFacts } from "../../../ports/files.ts";
import { judgeBudget } from "./connection-budget.ts";
import { judgeErrors } from "./dag-imports.ts";
import { judgeSkew } from "./clock.ts";
import { judgeFree } from "./disk.ts";
import { judgeMemory } from "./memory.ts";
import { judgeLimits } from "./nofile.ts";
import { judgeFolder } from "./ownership.ts";
import { judgeMajor } from "./server-versions.ts";
import { judgeUnit } from "./services.ts";
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
  ])("judges %d free bytes", (bytes, outcome) => expect(judgeFree("/x", bytes).outcome).toBe(outcome));

  it.each([
    ["Max open files            1024                 1048576              files     ", "ok"],
    ["Max open files            1024                 1024                 files     ", "warn"],
    ["Max open files            unlimited            unlimited            files     ", "ok"],
    ["Max processes             1                    1                    processes ", "unknown"],
  ])("judges the limit in %s", (text, outcome) => expect(judgeLimits(text).outcome).toBe(outcome));

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
    const answer = judgeFolder("/p/my logs", need, account, facts);
    const cure = outcome === "ok" ? "" : "chown -R 50000:0 '/p/my logs'";
    expect(answer).toMatchObject({ outcome });
    expect(answer.cure ?? "").toContain(cure);
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
    expect(judgeMajor("db", 17, 170_002, "17.2").outcome).toBe("ok");
    expect(judgeMajor("db", 17, 130_023, "13.23").cure).toContain("postgres:13");
    expect(judgeSkew(-4_000).outcome).toBe("ok");
    expect(judgeSkew(-90_000).fact).toContain("90.0 s behind");
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
