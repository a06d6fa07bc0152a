import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listProcesses, readProcess } from "../../src/engine/native/supervisor/process-table.ts";
import { readUnits } from "../../src/engine/native/supervisor/read-units.ts";
import { createHarness, isAlive, pidFrom, until, untilStatus, type SupervisorHarness } from "./supervisor-harness.ts";

describe("a supervisor after a killed one", () => {
  let harness: SupervisorHarness;
  beforeEach(async () => {
    harness = await createHarness({ firstDelayMs: 20 });
  });
  afterEach(() => harness.dispose());

  const unitFile = (service: string, name: string): string =>
    join(harness.place.stateDirectory, "units", service, name);

  async function killSupervisor(): Promise<void> {
    const { hello } = await harness.connect();
    process.kill(hello.pid, "SIGKILL");
    await until(() => !isAlive(hello.pid));
  }

  it("adopts what still runs, with its start time, its restarts and its health", async () => {
    const client = await harness.connect();
    const argv = ["true"] as const;
    const check = {
      test: { kind: "exec", argv },
      intervalMs: 50,
      timeoutMs: 60_000,
      retries: 1,
      startPeriodMs: 0,
    } as const;
    await client.start(harness.spec("app", ["sleep", "60"], { check, restart: { when: "always" } }));
    const { pid } = await untilStatus(client, "app", (status) => status.pid !== undefined);
    process.kill(pid ?? 0, "SIGKILL");
    const before = await untilStatus(client, "app", (s) => s.restarts === 1 && s.state === "running");
    await killSupervisor();
    expect(readUnits(harness.place.stateDirectory)).toMatchObject([
      { service: "app", state: "running", restarts: 1, startedAt: before.startedAt },
    ]);
    const next = await harness.connect();
    expect(next.hello.pid).not.toBe(client.hello.pid);
    const after = await untilStatus(next, "app", ({ health }) => health === "healthy");
    expect(after).toMatchObject({ state: "running", restarts: 1, startedAt: before.startedAt });
    expect(isAlive(after.pid ?? 0)).toBe(true);
    expect(await next.start(harness.spec("app", ["sleep", "60"]))).toMatchObject({ startedAt: before.startedAt });
    expect(await next.stop("app")).toMatchObject({ state: "stopped", exitCode: 143 });
    expect(isAlive(after.pid ?? 0)).toBe(false);
  });

  it("learns how an adopted unit ends, and restarts it as its policy says", async () => {
    const client = await harness.connect();
    const go = join(harness.directory, "go");
    const script = `echo run; until test -e '${go}'; do sleep 0.05; done; exit 5`;
    await client.start(harness.spec("once", ["sh", "-c", script]));
    await client.start(
      harness.spec("thrice", ["sh", "-c", script], { restart: { when: "on-failure", maximumRetries: 2 } }),
    );
    await until(() => harness.log("once") + harness.log("thrice") === "run\nrun\n");
    await killSupervisor();
    const next = await harness.connect();
    expect((await next.status()).map(({ state }) => state)).toEqual(["running", "running"]);
    writeFileSync(go, "");
    expect(await untilStatus(next, "once", ({ state }) => state === "exited")).toMatchObject({ exitCode: 5 });
    const thrice = await untilStatus(next, "thrice", ({ state }) => state === "exited");
    expect(thrice).toMatchObject({ exitCode: 5, restarts: 2 });
    expect(harness.log("thrice")).toBe("run\n".repeat(3));
  });

  it("knows the exit code of what ended while nobody looked, and when", async () => {
    const client = await harness.connect();
    const go = join(harness.directory, "go");
    const script = `until test -e '${go}'; do sleep 0.05; done; exit 42`;
    await client.start(harness.spec("job", ["sh", "-c", script]));
    await client.start(harness.spec("kept", ["sh", "-c", script], { restart: { when: "always" } }));
    await killSupervisor();
    writeFileSync(go, "");
    await until(() => readFileSync(unitFile("job", "exit"), "utf8") === "42\n");
    await until(() => readFileSync(unitFile("kept", "exit"), "utf8") === "42\n");
    expect(readUnits(harness.place.stateDirectory)).toMatchObject([
      { service: "job", state: "exited", exitCode: 42 },
      { service: "kept", state: "exited", exitCode: 42 },
    ]);
    const endedBefore = Date.now() + 50;
    const next = await harness.connect();
    const job = (await next.status()).find(({ service }) => service === "job");
    expect(job).toMatchObject({ state: "exited", exitCode: 42 });
    expect(Date.parse(job?.endedAt ?? "")).toBeLessThanOrEqual(endedBefore);
    await untilStatus(next, "kept", ({ restarts }) => restarts > 0);
  });

  it("does not know the exit code of a unit that was killed, wrapper and all", async () => {
    const client = await harness.connect();
    await client.start(harness.spec("app", ["sleep", "60"]));
    const wrapper = (JSON.parse(readFileSync(unitFile("app", "lease.json"), "utf8")) as { pid: number }).pid;
    const { pid } = await until(() => listProcesses().find(({ parent }) => parent === wrapper));
    await killSupervisor();
    process.kill(-wrapper, "SIGKILL");
    await until(() => !isAlive(wrapper) && !isAlive(pid));
    const [status] = await (await harness.connect()).status();
    expect(status?.state).toBe("exited");
    expect(status?.exitCode).toBeUndefined();
  });

  it("never touches a foreign process, whatever the lease says", async () => {
    const client = await harness.connect();
    await client.start(harness.spec("old", ["sleep", "60"]));
    await client.start(harness.spec("exact", ["sleep", "60"]));
    await client.stop("old");
    await client.stop("exact");
    await killSupervisor();
    const foreign = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    try {
      const row = readProcess(foreign.pid ?? 0);
      const lease = { pid: foreign.pid, startTime: row?.startTime, bootId: bootId() };
      writeFileSync(unitFile("old", "lease.json"), JSON.stringify({ ...lease, startTime: "1" }));
      writeFileSync(unitFile("exact", "lease.json"), JSON.stringify(lease));
      for (const service of ["old", "exact"]) {
        const status = JSON.parse(readFileSync(unitFile(service, "status.json"), "utf8")) as object;
        writeFileSync(unitFile(service, "status.json"), JSON.stringify({ ...status, state: "running" }));
      }
      const next = await harness.connect();
      expect((await next.status()).map(({ state }) => state)).toEqual(["exited", "exited"]);
      await next.stop("old", { forget: true });
      await next.restart("exact");
      await next.stop("exact");
      expect(isAlive(foreign.pid ?? 0)).toBe(true);
    } finally {
      foreign.kill("SIGKILL");
    }
  });

  it("finds a unit whose lease was never written", async () => {
    const client = await harness.connect();
    const first = await client.start(harness.spec("app", ["sleep", "60"]));
    await killSupervisor();
    writeFileSync(unitFile("app", "lease.json"), "");
    const next = await harness.connect();
    const [status] = await next.status();
    expect(status).toMatchObject({ state: "running", startedAt: first.startedAt });
    expect(await next.stop("app")).toMatchObject({ exitCode: 143 });
    expect(existsSync(unitFile("app", "lease.json"))).toBe(false);
  });

  it("does not start what last ran before a reboot", async () => {
    const client = await harness.connect();
    await client.start(harness.spec("app", ["sleep", "60"], { restart: { when: "always" } }));
    await client.stop("app");
    await killSupervisor();
    const stored = JSON.parse(readFileSync(unitFile("app", "status.json"), "utf8")) as object;
    writeFileSync(unitFile("app", "status.json"), JSON.stringify({ ...stored, state: "running", bootId: "another" }));
    const next = await harness.connect();
    expect((await next.status())[0]?.state).toBe("exited");
    expect((await next.start(harness.spec("app", ["sleep", "60"]))).state).toBe("running");
  });

  it("finishes a stop that its predecessor had begun", async () => {
    const client = await harness.connect();
    const script = "trap '' TERM; echo ready; while :; do sleep 1; done";
    await client.start(harness.spec("app", ["sh", "-c", script], { stopGraceMs: 1500, restart: { when: "always" } }));
    await until(() => harness.log("app") === "ready\n");
    const stopping = client.stop("app").catch((error: unknown) => error);
    await untilStatus(client, "app", ({ state }) => state === "stopping");
    process.kill(client.hello.pid, "SIGKILL");
    expect(await stopping).toMatchObject({ code: "SUPERVISOR_FAILED" });
    const next = await harness.connect();
    expect(await untilStatus(next, "app", ({ state }) => state === "stopped")).toMatchObject({ exitCode: 137 });
  });

  it("tells the application's own pid, not its wrapper's", async () => {
    const client = await harness.connect();
    const file = join(harness.directory, "pid");
    await client.start(harness.spec("app", ["sh", "-c", `echo $$ > '${file}'; exec sleep 60`]));
    const pid = await until(() => pidFrom(file));
    const [status] = await client.status();
    expect(status?.pid).toBe(pid);
  });
});

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
