import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHarness, isAlive, pidFrom, until, untilStatus, type SupervisorHarness } from "./supervisor-harness.ts";

describe("supervisor", () => {
  let harness: SupervisorHarness;
  beforeEach(async () => {
    harness = await createHarness({ firstDelayMs: 20 });
  });
  afterEach(() => harness.dispose());

  it("runs a unit with exactly its environment, and tells how it ended", async () => {
    const client = await harness.connect();
    const env = { PATH: "/usr/bin:/bin", GREETING: "hello", "dotted.name": "kept", SECRET: "s3cr3t-value" };
    const spec = harness.spec("job", ["python3", "-c", printEnvironment], { env });
    await client.start(spec);
    const status = await untilStatus(client, "job", ({ state }) => state === "exited");
    expect(status).toMatchObject({ exitCode: 3, restarts: 0, hash: "job-1" });
    expect(status.pid).toBeUndefined();
    expect(Date.parse(status.endedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(status.startedAt ?? "") - 50);
    const seen = JSON.parse(harness.log("job")) as Record<string, string>;
    expect(seen).toMatchObject({ GREETING: "hello", "dotted.name": "kept", SPT_NOENV: "1", umask: "2" });
    expect(seen["BULKHEAD_UNIT"]).toMatch(/^[0-9a-f]{16}\/job$/);
    expect(Object.keys(seen)).not.toContain("HOME");
    const unit = join(harness.place.stateDirectory, "units", "job");
    expect(readFileSync(join(unit, "exit"), "utf8")).toBe("3\n");
    expect(statSync(join(unit, "unit.json")).mode & 0o777).toBe(0o600);
    expect(statSync(harness.place.socketPath).mode & 0o777).toBe(0o600);
  });

  it("keeps the environment out of every command line and the log as the application wrote it", async () => {
    const client = await harness.connect();
    const spec = harness.spec("app", ["sh", "-c", "printf 'no newline'; exec sleep 60"], {
      env: { PATH: "/usr/bin:/bin", SECRET: "s3cr3t-value" },
    });
    const { pid } = await client.start(spec);
    await until(() => harness.log("app") === "no newline");
    const { pid: application } = await untilStatus(client, "app", (status) => status.state === "running");
    for (const one of [pid, application]) {
      expect(readFileSync(`/proc/${one}/cmdline`, "latin1")).not.toContain("s3cr3t-value");
    }
    await client.stop("app");
    expect(harness.log("app")).toBe("no newline");
  });

  it("names what cannot be started", async () => {
    const client = await harness.connect();
    expect(await client.start(harness.spec("nowhere", ["true"], { cwd: "/does/not/exist" }))).toMatchObject({
      state: "exited",
      exitCode: 126,
    });
    expect(harness.log("nowhere")).toContain("working directory /does/not/exist does not exist");
    await client.start(harness.spec("missing", ["no-such-program"]));
    const status = await untilStatus(client, "missing", ({ state }) => state === "exited");
    expect(status.exitCode).toBe(127);
    expect(harness.log("missing")).toContain("no-such-program: not found");
  });

  it("leaves a running unit of the same hash alone and replaces one of another", async () => {
    const client = await harness.connect();
    const first = await client.start(harness.spec("app", ["sleep", "60"]));
    const again = await client.start(harness.spec("app", ["sleep", "60"]));
    expect(again.startedAt).toBe(first.startedAt);
    const replaced = await client.start(harness.spec("app", ["sleep", "61"], { hash: "app-2" }));
    expect(replaced).toMatchObject({ state: "running", hash: "app-2" });
    expect(replaced.pid).not.toBe(first.pid);
    expect(isAlive(first.pid ?? 0)).toBe(false);
  });

  it("restarts on request and forgets on request", async () => {
    const client = await harness.connect();
    const first = await client.start(harness.spec("app", ["sleep", "60"]));
    const second = await client.restart("app");
    expect(second.state).toBe("running");
    expect(second.startedAt).not.toBe(first.startedAt);
    expect(await client.stop("app", { forget: true })).toMatchObject({ state: "stopped", exitCode: 143 });
    expect(await client.status()).toEqual([]);
    expect(await client.stop("app")).toBeUndefined();
    await expect(client.restart("app")).rejects.toMatchObject({ code: "SUPERVISOR_FAILED" });
  });

  it("backs off between restarts and names a crash loop", async () => {
    const client = await harness.connect();
    const marks = join(harness.directory, "marks");
    const script = `date +%s%N >> '${marks}'; exit 7`;
    await client.start(harness.spec("app", ["sh", "-c", script], { restart: { when: "always" } }));
    const status = await untilStatus(client, "app", ({ state }) => state === "crash-loop");
    expect(status).toMatchObject({ exitCode: 7, restarts: 4 });
    const times = readFileSync(marks, "utf8")
      .trim()
      .split("\n")
      .map((line) => Number(line) / 1e6);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual(20 * 2 ** index);
    expect((await client.stop("app"))?.state).toBe("stopped");
  });

  it("gives on-failure its number of retries and lets success end it", async () => {
    const client = await harness.connect();
    const restart = { when: "on-failure", maximumRetries: 2 } as const;
    await client.start(harness.spec("fails", ["sh", "-c", "exit 1"], { restart }));
    expect(await untilStatus(client, "fails", ({ state }) => state === "exited")).toMatchObject({ restarts: 2 });
    await client.start(harness.spec("works", ["true"], { restart }));
    expect(await untilStatus(client, "works", ({ state }) => state === "exited")).toMatchObject({ restarts: 0 });
  });

  it("restarts a unit that was killed", async () => {
    const client = await harness.connect();
    const first = await client.start(harness.spec("app", ["sleep", "60"], { restart: { when: "unless-stopped" } }));
    const { pid } = await untilStatus(client, "app", (status) => status.pid !== undefined);
    process.kill(pid ?? 0, "SIGKILL");
    const next = await untilStatus(client, "app", ({ state, restarts }) => state === "running" && restarts === 1);
    expect(next.startedAt).not.toBe(first.startedAt);
    const times = readFileSync(join(harness.place.stateDirectory, "logs", "app.times"), "utf8");
    expect(times).toMatch(/^\S+Z start - 0\n\S+Z exit 137 0\n\S+Z start - 0\n$/);
  });

  it("kills what ignores the stop signal when its grace is over, and records it", async () => {
    const client = await harness.connect();
    const script = "trap '' TERM; echo ready; while :; do sleep 1; done";
    await client.start(harness.spec("stubborn", ["sh", "-c", script], { stopGraceMs: 300 }));
    await until(() => harness.log("stubborn") === "ready\n");
    const before = performance.now();
    expect(await client.stop("stubborn")).toMatchObject({ state: "stopped", exitCode: 137 });
    expect(performance.now() - before).toBeGreaterThanOrEqual(300);
  });

  it("ends sooner what is being stopped when a second stop is in more of a hurry", async () => {
    const client = await harness.connect();
    const stopGraceMs = 100_000;
    const script = "trap 'echo not me' TERM; echo ready; while :; do sleep 0.1; done";
    await client.start(harness.spec("slow", ["sh", "-c", script], { stopGraceMs }));
    await until(() => harness.log("slow") === "ready\n");
    const before = performance.now();
    const first = client.stop("slow");
    await until(() => harness.log("slow").includes("not me"));
    expect(await client.stop("slow", { graceMs: 200 })).toMatchObject({ state: "stopped", exitCode: 137 });
    expect(await first).toMatchObject({ state: "stopped", exitCode: 137 });
    expect(performance.now() - before).toBeLessThan(stopGraceMs);
  });

  it("gives a stop signal for one process to the application only", async () => {
    const client = await harness.connect();
    await client.start(
      harness.spec("postmaster", ["python3", "-c", postmaster], { stopSignal: "SIGINT", stopTarget: "process" }),
    );
    await until(() => harness.log("postmaster").includes("ready"));
    expect(await client.stop("postmaster")).toMatchObject({ exitCode: 0 });
    expect(harness.log("postmaster")).toBe("ready\npostmaster got INT\n");
  });

  it("streams changes until told to stop", async () => {
    const client = await harness.connect();
    await client.start(harness.spec("early", ["sleep", "60"]));
    const abort = new AbortController();
    const seen: string[] = [];
    const asked: Promise<unknown>[] = [];
    for await (const { service, state, gone } of client.watch(abort.signal)) {
      seen.push(`${service} ${gone === true ? "gone" : state}`);
      if (seen.at(-1) === "early running") asked.push(client.start(harness.spec("late", ["true"])));
      if (seen.at(-1) === "late exited") asked.push(client.stop("late", { forget: true }));
      if (seen.at(-1) === "late gone") abort.abort();
    }
    await Promise.all(asked);
    expect(seen).toEqual([
      "early running",
      "late starting",
      "late running",
      "late exited",
      "late stopped",
      "late gone",
    ]);
  });

  it("asks health checks of every kind and tells changes", async () => {
    const client = await harness.connect();
    const flag = join(harness.directory, "flag");
    const timing = { intervalMs: 50, timeoutMs: 60_000, retries: 2, startPeriodMs: 0 };
    const argv = ["sh", "-c", `test -e '${flag}' || { echo "no $FLAGNAME"; exit 1; }`] as const;
    const env = { PATH: "/usr/bin:/bin", FLAGNAME: "flag yet" };
    await client.start(
      harness.spec("app", ["sleep", "60"], { env, check: { test: { kind: "exec", argv }, ...timing } }),
    );
    const sick = await untilStatus(client, "app", ({ health }) => health === "unhealthy");
    expect(sick).toMatchObject({ state: "running", healthDetail: "no flag yet" });
    writeFileSync(flag, "");
    const well = await untilStatus(client, "app", ({ health }) => health === "healthy");
    expect(well.healthDetail).toBeUndefined();

    const portFile = join(harness.directory, "port");
    const server = harness.spec("web", ["python3", "-c", serveOn(portFile)]);
    await client.start(server);
    const port = await until(() => pidFrom(portFile));
    const http = { kind: "http", url: `http://127.0.0.1:${port}/`, expectStatus: [418] } as const;
    await client.start(harness.spec("asks-http", ["sleep", "60"], { check: { test: http, ...timing } }));
    await untilStatus(client, "asks-http", ({ health }) => health === "healthy");
    const wrong = { ...http, expectStatus: [200] };
    await client.start(harness.spec("asks-wrong", ["sleep", "60"], { check: { test: wrong, ...timing } }));
    const answered = await untilStatus(client, "asks-wrong", ({ health }) => health === "unhealthy");
    expect(answered.healthDetail).toBe(`http://127.0.0.1:${port}/ answered 418`);
    const tcp = { kind: "tcp", host: "127.0.0.1", port } as const;
    await client.start(harness.spec("asks-tcp", ["sleep", "60"], { check: { test: tcp, ...timing } }));
    await untilStatus(client, "asks-tcp", ({ health }) => health === "healthy");
    await client.stop("web");
    const refused = await untilStatus(client, "asks-tcp", ({ health }) => health === "unhealthy");
    expect(refused.healthDetail).toBe(`127.0.0.1:${port}: ECONNREFUSED`);
  });

  it("rotates a large log when the unit starts, never while it runs", async () => {
    const client = await harness.connect();
    const spec = harness.spec("app", ["sh", "-c", "echo started; exec sleep 60"]);
    await client.start(spec);
    await until(() => harness.log("app") === "started\n");
    truncateSync(spec.logFile, 10 * 1024 * 1024 + 1);
    await client.start(spec);
    expect(statSync(spec.logFile).size).toBeGreaterThan(10 * 1024 * 1024);
    await client.restart("app");
    await until(() => harness.log("app") === "started\n");
    expect(statSync(`${spec.logFile}.1`).size).toBe(10 * 1024 * 1024 + 1);
  });

  it("removes stale files before a start", async () => {
    const client = await harness.connect();
    const stale = join(harness.directory, "app.pid");
    writeFileSync(stale, "1");
    const spec = harness.spec("app", ["test", "!", "-e", stale], { removeBeforeStart: [stale] });
    await client.start(spec);
    expect(await untilStatus(client, "app", ({ state }) => state === "exited")).toMatchObject({ exitCode: 0 });
  });
});

const printEnvironment = `
import json, os, sys
print(json.dumps({**os.environ, "umask": str(os.umask(0))}))
sys.exit(3)
`;

/** A parent that ends its child itself; a child that would tell if it were signalled too. */
const postmaster = `
import os, signal, time
def stop(name):
    os.write(1, f"{name} got INT\\n".encode())
    if name == "postmaster":
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    os._exit(0)
child = os.fork()
name = "postmaster" if child else "backend"
signal.signal(signal.SIGINT, lambda *_: stop(name))
if child:
    time.sleep(0.1)
    os.write(1, b"ready\\n")
while True:
    time.sleep(0.05)
`;

function serveOn(portFile: string): string {
  return `
import http.server
class Teapot(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(418); self.end_headers()
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Teapot)
open(${JSON.stringify(portFile)}, "w").write(f"{server.server_port}\\n")
server.serve_forever()
`;
}
