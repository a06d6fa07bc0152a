import { rmSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectSupervisor } from "../../src/engine/native/supervisor/client.ts";
import { ensureSupervisor } from "../../src/engine/native/supervisor/ensure-supervisor.ts";
import { listProcesses, readArguments } from "../../src/engine/native/supervisor/process-table.ts";
import { createHarness, isAlive, until, untilStatus, type SupervisorHarness } from "./supervisor-harness.ts";

describe("the one supervisor of a project", () => {
  let harness: SupervisorHarness;
  beforeEach(async () => {
    harness = await createHarness();
  });
  afterEach(() => harness.dispose());

  const supervisors = (): readonly number[] =>
    listProcesses()
      .map(({ pid }) => pid)
      .filter((pid) => readArguments(pid)?.includes(harness.place.stateDirectory) === true);

  it("is started once by many commands at once", async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => harness.connect()));
    expect(new Set(clients.map(({ hello }) => hello.pid)).size).toBe(1);
    await until(() => supervisors().length === 1);
    const stored = await readFile(join(harness.place.stateDirectory, "supervisor.json"), "utf8");
    expect(JSON.parse(stored)).toMatchObject({ pid: clients[0]?.hello.pid, version: "1.0.0", protocol: 1 });
  });

  it("is started once by many commands at once after a killed one", async () => {
    for (let round = 0; round < 3; round += 1) {
      const { hello } = await harness.connect();
      process.kill(hello.pid, "SIGKILL");
      await until(() => !isAlive(hello.pid));
      const clients = await Promise.all(Array.from({ length: 4 }, () => harness.connect()));
      expect(new Set(clients.map((client) => client.hello.pid)).size).toBe(1);
      await until(() => supervisors().length === 1);
    }
  });

  it("is replaced by one of another version, and its units stay", async () => {
    const old = await harness.connect();
    const before = await old.start(harness.spec("app", ["sleep", "60"]));
    const place = { ...harness.place, version: "2.0.0" };
    const clients = await Promise.all([1, 2, 3].map(() => ensureSupervisor(place, AbortSignal.timeout(120_000))));
    for (const client of clients) {
      expect(client.hello).toMatchObject({ version: "2.0.0", pid: clients[0]?.hello.pid });
      expect((await client.status())[0]).toMatchObject({ state: "running", startedAt: before.startedAt });
      client.close();
    }
    expect(isAlive(old.hello.pid)).toBe(false);
    await expect(old.status()).rejects.toMatchObject({ code: "SUPERVISOR_FAILED" });
  });

  it("keeps its units when told to leave, and ends them when told to", async () => {
    const client = await harness.connect();
    await client.start(harness.spec("app", ["sleep", "60"]));
    const pid = (await client.status())[0]?.pid ?? 0;
    await client.shutdown("keep");
    expect(await connectSupervisor(harness.place.socketPath)).toBeUndefined();
    expect(isAlive(pid)).toBe(true);
    await (await harness.connect()).shutdown("stop");
    expect(isAlive(pid)).toBe(false);
  });

  it("survives nonsense on its socket", async () => {
    const client = await harness.connect();
    const socket = connect(harness.place.socketPath).setEncoding("utf8");
    const answers: string[] = [];
    socket.on("data", (chunk: string) => answers.push(chunk));
    socket.write(
      'nonsense\n{"id":4,"op":"start","spec":{"service":"../../etc"}}\n{"id":5,"op":"dance"}\n{"id":6,"op":"stop"',
    );
    await until(() => answers.join("").split("\n").length === 4);
    socket.destroy();
    expect(
      answers
        .join("")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      { id: 0, error: "not a JSON object" },
      { id: 4, error: "start: no valid service name" },
      { id: 5, error: "unknown request dance" },
    ]);
    expect(await client.status()).toEqual([]);
  });

  it("says why none could be started", async () => {
    const entry = join(harness.directory, "missing.js");
    const place = { ...harness.place, entry };
    const failure = await ensureSupervisor(place, AbortSignal.timeout(120_000)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "SUPERVISOR_FAILED", exitCode: 2 });
    expect((failure as Error).message).toBe("The supervisor could not be started: it ended with 1.");
    rmSync(join(harness.place.stateDirectory, "supervisor.log"));
  });

  it("gives up waiting when the command is interrupted", async () => {
    const abort = new AbortController();
    abort.abort(new Error("interrupted"));
    await expect(ensureSupervisor(harness.place, abort.signal)).rejects.toThrow("interrupted");
  });

  it("is reachable again after its socket was removed, and ends with the project's state", async () => {
    const client = await harness.connect();
    await client.start(harness.spec("app", ["sleep", "60"]));
    const pid = (await client.status())[0]?.pid ?? 0;
    rmSync(harness.place.socketPath);
    const again = await harness.connect();
    expect(again.hello.pid).toBe(client.hello.pid);
    await until(() => supervisors().length === 1);
    rmSync(harness.place.stateDirectory, { recursive: true, maxRetries: 10 });
    await until(() => !isAlive(pid) && !isAlive(client.hello.pid));
    await mkdir(harness.place.stateDirectory);
  });

  it("runs units as the account they name, with no other groups", async () => {
    const client = await harness.connect();
    const isRoot = process.getuid?.() === 0;
    const owner = isRoot
      ? { uid: 65_534, gid: 65_534 }
      : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const script = "id -u; id -g; id -G; umask; echo to-dev-stdout >> /dev/stdout; exec sleep 60";
    const argv = ["sh", "-c", 'test "$(id -u)" = "$WANTED" || { id -u; exit 1; }'] as const;
    const check = {
      test: { kind: "exec", argv },
      intervalMs: 50,
      timeoutMs: 60_000,
      retries: 1,
      startPeriodMs: 0,
    } as const;
    const env = { PATH: "/usr/bin:/bin", WANTED: String(owner.uid) };
    await client.start(harness.spec("app", ["sh", "-c", script], { owner, check, env }));
    await until(() => harness.log("app").includes("to-dev-stdout"));
    const groups = isRoot ? String(owner.gid) : harness.log("app").split("\n")[2];
    expect(harness.log("app")).toBe(`${owner.uid}\n${owner.gid}\n${groups}\n0002\nto-dev-stdout\n`);
    const asked = await untilStatus(client, "app", ({ health }) => health !== "unknown");
    expect(asked.health).toBe("healthy");
  });
});
