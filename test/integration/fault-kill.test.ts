import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createProject,
  isAlive,
  mlflowBuild,
  poll,
  processesWith,
  type FaultProject,
} from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const database = `image: postgres:17
    environment:
      POSTGRES_PASSWORD: secret-of-the-kill-tests
    healthcheck: {test: [CMD, pg_isready, -U, postgres]}`;
/** A server that never listens: `up` waits for it as long as it lives. */
const slow = `${mlflowBuild}
    command: [sh, -c, "echo first words; sleep 600; exec mlflow server --port 5000"]`;

let home: StackHome;
beforeAll(async () => {
  home = await createStackHome();
});
afterAll(() => home[Symbol.asyncDispose]());

function supervisorPid(project: FaultProject): number {
  return (JSON.parse(readFileSync(join(project.state, "supervisor.json"), "utf8")) as { pid: number }).pid;
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await poll(() => !isAlive(pid), `process ${pid} to be gone`);
}

/** Postmasters of the project: the only processes whose own arguments name its data directory. */
function postmasters(project: FaultProject): number[] {
  return processesWith(project.state)
    .filter((one) => /^\S*\/postgres -D /.test(one.arguments))
    .map((one) => one.pid);
}

describe("kill -9", () => {
  it("of the supervisor: units live on, ps still tells them, up adopts them, down ends them", async () => {
    const project = await createProject(home, "orphaned", `services:\n  db:\n    ${database}\n`);
    expect((await project.run("up")).exitCode).toBe(0);
    const unit = await project.pid("db");
    await kill(supervisorPid(project));
    expect(isAlive(unit)).toBe(true);

    expect(await project.pid("db")).toBe(unit);
    const up = await project.run("up");
    expect(up.exitCode).toBe(0);
    expect(up.stderr).not.toMatch(/db: starting/);
    expect(await project.pid("db")).toBe(unit);

    await kill(supervisorPid(project));
    expect((await project.run("exec", "db", "psql", "-Atc", "select 40 + 2")).stdout.trim()).toBe("42");
    await kill(supervisorPid(project));
    expect((await project.run("down")).exitCode).toBe(0);
    expect(isAlive(unit)).toBe(false);
    expect(postmasters(project)).toEqual([]);
  });

  it("of a unit: ps tells its end, up starts it again with its data", async () => {
    const project = await createProject(
      home,
      "killed",
      `services:\n  db:\n    ${database}\n  other:\n    ${database}\n`,
    );
    expect((await project.run("up")).exitCode).toBe(0);
    expect((await project.run("exec", "db", "psql", "-c", "create table kept as select 7 as seven")).exitCode).toBe(0);
    const [unit, other] = [await project.pid("db"), await project.pid("other")];
    await kill(unit);
    await poll(async () => (await project.run("ps", "-a", "--json")).stdout.includes('"state": "exited"'), "db exited");
    const rows = (
      JSON.parse((await project.run("ps", "-a", "--json")).stdout) as {
        services: { name: string; exitCode: number | null }[];
      }
    ).services;
    expect(rows.find((row) => row.name === "db")?.exitCode).toBe(137);

    expect((await project.run("up")).exitCode).toBe(0);
    expect(await project.pid("other")).toBe(other);
    expect((await project.run("exec", "db", "psql", "-Atc", "select seven from kept")).stdout.trim()).toBe("7");
  });

  it("of a unit with a restart policy: it comes back by itself", async () => {
    const project = await createProject(
      home,
      "restarted",
      `services:\n  db:\n    ${database}\n    restart: unless-stopped\n`,
    );
    expect((await project.run("up")).exitCode).toBe(0);
    const unit = await project.pid("db");
    await kill(unit);
    await poll(async () => {
      const { stdout } = await project.run("ps", "--json");
      const [row] = (JSON.parse(stdout) as { services: { state: string; pid: number | null; restarts: number }[] })
        .services;
      return row?.state === "ready" && row.pid !== unit && row.restarts === 1;
    }, "db to be ready again");
  });

  it("of up half-way: the next up goes on, nothing is doubled", async () => {
    const project = await createProject(
      home,
      "halfway",
      `services:\n  db:\n    ${database}\n  app:\n    ${slow}\n    depends_on: {db: {condition: service_healthy}}\n`,
    );
    await project.leaveUp("app");
    const [db, app] = [await project.pid("db"), await project.pid("app")];

    const second = await project.run("up", "--wait-timeout", "3");
    expect(second.exitCode).toBe(1);
    expect(await project.pid("db")).toBe(db);
    expect(await project.pid("app")).toBe(app);
    expect(postmasters(project)).toEqual([db]);
    expect(readFileSync(join(project.state, "logs/app.log"), "utf8").match(/first words/g)).toHaveLength(1);
  });
});

describe("two at once", () => {
  it("up twice on one project: the second says who works and waits, then finds everything done", async () => {
    const go = join(home.directory, "twice/go");
    const project = await createProject(home, "twice", {
      "compose.yaml": `services:
  db:
    ${database}
    ports: ["127.0.0.1::5432"]
    volumes: ["./init:/docker-entrypoint-initdb.d:ro"]
`,
      // The one that works is not done before the other waits.
      "init/await.sh": `until test -e '${go}'; do sleep 0.1; done\n`,
    });
    const [first, second] = [project.start("up"), project.start("up")];
    await Promise.any([first, second].map((up) => up.until(/waiting for it to end/)));
    await project.write("go", "");
    const results = await Promise.all([first.ended, second.ended]);
    expect(results.map((result) => result.exitCode)).toEqual([0, 0]);
    const [waiter, worker] = results[0].stderr.includes("waiting for it to end")
      ? [results[0], second.pid]
      : [results[1], first.pid];
    expect(waiter.stderr).toMatch(
      new RegExp(`Another command works on twice \\(.*up, pid ${worker}\\); waiting for it to end`),
    );
    expect(postmasters(project)).toHaveLength(1);
  });

  it("two projects side by side: each its own ports, servers and units", async () => {
    const text = `services:\n  db:\n    ${database}\n  two:\n    ${database}\n`;
    const projects = [await createProject(home, "left", text), await createProject(home, "right", text)];
    const results = await Promise.all(projects.map((project) => project.run("up")));
    expect(results.map((result) => result.exitCode)).toEqual([0, 0]);
    const ports = projects.map((project) => {
      const record = JSON.parse(readFileSync(join(project.state, "project.json"), "utf8")) as {
        ports: Record<string, Record<string, number>>;
      };
      return Object.values(record.ports).flatMap((own) => Object.values(own));
    });
    expect(new Set(ports.flat()).size).toBe(4);
    await projects[0]?.run("down");
    expect((await projects[1]?.run("exec", "db", "psql", "-Atc", "select 1"))?.stdout.trim()).toBe("1");
  });
});

describe("Ctrl-C", () => {
  const text = `services:\n  db:\n    ${database}\n  later:\n    ${database}\n  app:\n    ${slow}\n    stop_grace_period: 2s\n    depends_on: {later: {condition: service_healthy}}\n`;

  it("once: stops what this up started, leaves what ran before, exit 130", async () => {
    const project = await createProject(home, "once", text);
    expect((await project.run("up", "db")).exitCode).toBe(0);
    const db = await project.pid("db");
    const up = project.start("up");
    await up.until(/app: starting/);
    up.kill("SIGINT");
    const result = await up.ended;
    expect(result.exitCode).toBe(130);
    expect(result.stderr).toMatch(/Stopping what this command started/);
    const rows = (
      JSON.parse((await project.run("ps", "-a", "--json")).stdout) as { services: { name: string; state: string }[] }
    ).services;
    expect(Object.fromEntries(rows.map(({ name, state }) => [name, state]))).toEqual({
      db: "ready",
      later: "stopped",
      app: "stopped",
    });
    expect(await project.pid("db")).toBe(db);
    expect(postmasters(project)).toEqual([db]);
  });

  it("twice: ends at once with 130; the next command works", async () => {
    const graceSeconds = 200;
    const project = await createProject(
      home,
      "force",
      text
        .replace("stop_grace_period: 2s", `stop_grace_period: ${graceSeconds}s`)
        .replace("sleep 600", "trap : TERM; sleep 600; sleep 600"),
    );
    const up = project.start("up");
    await up.until(/app: starting/);
    await poll(() => existsSync(join(project.state, "logs/app.log")), "app to have started");
    up.kill("SIGINT");
    await up.until(/Stopping what this command started/);
    const second = performance.now();
    up.kill("SIGINT");
    expect((await up.ended).exitCode).toBe(130);
    expect(performance.now() - second).toBeLessThan(graceSeconds * 1000);
    expect((await project.run("down", "-t", "1")).exitCode).toBe(0);
    expect(postmasters(project)).toEqual([]);
  });
});
