import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readProcess } from "../../src/engine/native/supervisor/process-table.ts";
import { createHarness, isAlive, pidFrom, until, untilStatus, type SupervisorHarness } from "./supervisor-harness.ts";

/**
 * Starts descendants as Airflow, MLflow and PostgreSQL do: one with a group of its own, one with a session of its own,
 * one whose parent has gone too, and one whose parent has gone and whose environment is empty. Each writes its pid into a file when it is as it should be.
 */
const family = `
import os, signal, sys, time
directory, ignore = sys.argv[1], sys.argv[2] == "ignore"
def live(name):
    if ignore: signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with open(f"{directory}/{name}.new", "w") as file: file.write(f"{os.getpid()}\\n")
    os.rename(f"{directory}/{name}.new", f"{directory}/{name}")
    while True: time.sleep(1)
if os.fork() == 0:
    os.setpgid(0, 0); live("own-group")
if os.fork() == 0:
    os.setsid(); live("own-session")
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid(); live("orphan")
    os._exit(0)
os.wait()
if os.fork() == 0:
    if os.fork() == 0:
        os.setpgid(0, 0)
        if ignore: signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with open(f"{directory}/unmarked", "w") as file: file.write(f"{os.getpid()}\\n")
        os.execve("/bin/sleep", ["sleep", "60"], {})
    os._exit(0)
os.wait()
print("ready", flush=True)
while True: time.sleep(1)
`;

const names = ["own-group", "own-session", "orphan", "unmarked"] as const;

describe("what a unit's processes start", () => {
  let harness: SupervisorHarness;
  beforeEach(async () => {
    harness = await createHarness({ firstDelayMs: 20 });
  });
  afterEach(() => harness.dispose());

  const family_ = (mode: "listen" | "ignore"): ["python3", ...string[]] => [
    "python3",
    "-c",
    family,
    harness.directory,
    mode,
  ];

  async function pids(): Promise<readonly number[]> {
    const found: number[] = [];
    for (const name of names) found.push(await until(() => pidFrom(join(harness.directory, name))));
    return found;
  }

  it("really leaves the unit's group and session", async () => {
    const client = await harness.connect();
    await client.start(harness.spec("app", family_("listen")));
    const [group, session, orphan, unmarked] = (await pids()).map((pid) => readProcess(pid));
    const { pid: leader } = JSON.parse(
      readFileSync(join(harness.place.stateDirectory, "units", "app", "lease.json"), "utf8"),
    ) as { pid: number };
    expect(group).toMatchObject({ group: group?.pid, session: leader });
    expect(session).toMatchObject({ session: session?.pid });
    expect(orphan?.session).not.toBe(leader);
    expect(orphan?.parent).not.toBe(leader);
    expect(unmarked).toMatchObject({ group: unmarked?.pid, session: leader });
    await until(() => readFileSync(`/proc/${unmarked?.pid}/environ`, "utf8") === "");
  });

  it("ends with the unit's stop", async () => {
    const client = await harness.connect();
    await client.start(harness.spec("app", family_("listen")));
    const started = await pids();
    expect(await client.stop("app")).toMatchObject({ state: "stopped", exitCode: 143 });
    expect(started.filter((pid) => isAlive(pid))).toEqual([]);
  });

  it("an application that leaves the unit's group itself still gets the stop signal", async () => {
    const client = await harness.connect();
    const script = `
import os, signal, sys, time
def bye(*_):
    print("bye", flush=True); sys.exit(9)
signal.signal(signal.SIGTERM, bye)
os.setpgid(0, 0)
print("ready", flush=True)
while True: time.sleep(0.05)
`;
    await client.start(harness.spec("app", ["python3", "-c", script]));
    await until(() => harness.log("app") === "ready\n");
    expect(await client.stop("app")).toMatchObject({ state: "stopped", exitCode: 9 });
    expect(harness.log("app")).toBe("ready\nbye\n");
  });

  it("is killed when it ignores the stop", async () => {
    const client = await harness.connect();
    await client.start(harness.spec("app", family_("ignore"), { stopGraceMs: 300 }));
    const started = await pids();
    await client.stop("app");
    expect(started.filter((pid) => isAlive(pid))).toEqual([]);
  });

  it.each(["application", "wrapper"] as const)("ends when the unit's %s is killed, before the restart", async (who) => {
    const client = await harness.connect();
    await client.start(harness.spec("app", family_("listen"), { restart: { when: "always" } }));
    const started = await pids();
    const application = (await client.status())[0]?.pid ?? 0;
    const wrapper = readProcess(application)?.parent ?? 0;
    process.kill(who === "wrapper" ? wrapper : application, "SIGKILL");
    const status = await untilStatus(client, "app", ({ restarts, state }) => restarts === 1 && state === "running");
    expect(status.exitCode).toBe(137);
    expect([...started, application].filter((pid) => isAlive(pid))).toEqual([]);
  });

  it("ends when the unit died while no supervisor was there", async () => {
    const client = await harness.connect();
    await client.start(harness.spec("app", family_("listen")));
    // A session whose leader died unseen could be a stranger's by now: what carries no marker is left alone.
    const [unmarked, ...started] = (await pids()).toReversed();
    const application = (await client.status())[0]?.pid ?? 0;
    process.kill(client.hello.pid, "SIGKILL");
    process.kill(readProcess(application)?.parent ?? 0, "SIGKILL");
    process.kill(application, "SIGKILL");
    await until(() => !isAlive(client.hello.pid) && !isAlive(application));
    expect(started.every((pid) => isAlive(pid))).toBe(true);
    await harness.connect();
    await until(() => started.every((pid) => !isAlive(pid)));
    process.kill(unmarked ?? 0, "SIGKILL");
  });

  it("ends with an adopted unit's stop", async () => {
    const client = await harness.connect();
    await client.start(harness.spec("app", family_("listen")));
    const started = await pids();
    process.kill(client.hello.pid, "SIGKILL");
    await until(() => !isAlive(client.hello.pid));
    await (await harness.connect()).stop("app");
    expect(started.filter((pid) => isAlive(pid))).toEqual([]);
  });

  it("is told from the same service of another project", async () => {
    const other = await createHarness();
    try {
      const mine = await harness.connect();
      const theirs = await other.connect();
      await theirs.start(other.spec("app", ["sleep", "60"]));
      await mine.start(harness.spec("app", family_("listen")));
      await pids();
      await mine.shutdown("stop");
      expect((await theirs.status())[0]?.state).toBe("running");
      expect(isAlive((await theirs.status())[0]?.pid ?? 0)).toBe(true);
    } finally {
      await other.dispose();
    }
  });
});
