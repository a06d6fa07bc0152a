import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, isAlive, mlflowBuild, poll, type FaultProject } from "../helpers/fault-project.ts";
import { createStackHome, type CommandResult, type StackHome } from "../helpers/stack-home.ts";

const database = `image: postgres:17
    environment:
      POSTGRES_PASSWORD: secret-of-the-up-tests`;
/** One that others wait for. */
const checkedDatabase = `${database}
    healthcheck: {test: [CMD, pg_isready, -U, postgres]}`;

let home: StackHome;
beforeAll(async () => {
  home = await createStackHome();
});
afterAll(() => home[Symbol.asyncDispose]());

interface Row {
  readonly name: string;
  readonly state: string;
  readonly pid: number | null;
}

async function rows(project: FaultProject): Promise<Record<string, Row>> {
  const { stdout } = await project.run("ps", "-a", "--json");
  return Object.fromEntries((JSON.parse(stdout) as { services: Row[] }).services.map((row) => [row.name, row]));
}

describe("up on what runs", () => {
  const text = (workMemory: string): string => `services:
  db:
    ${checkedDatabase}
    command: -c work_mem=${workMemory}
  follows:
    ${database}
    depends_on: {db: {condition: service_healthy, restart: true}}
  stays:
    ${database}
    depends_on: {db: {condition: service_healthy}}
`;

  it("again is a no-op; a changed command starts that service anew and dependents with restart: true, only", async () => {
    const project = await createProject(home, "change", text("8MB"));
    expect((await project.run("up")).exitCode).toBe(0);
    const before = await rows(project);

    const again = await project.run("up");
    expect(again.exitCode).toBe(0);
    expect(again.stderr).not.toMatch(/starting/);
    expect(await rows(project)).toEqual(before);

    await project.write("compose.yaml", text("9MB"));
    const changed = await project.run("up");
    expect(changed.exitCode).toBe(0);
    expect(changed.stderr).toMatch(/follows: starting anew with db/);
    const after = await rows(project);
    expect(after["db"]?.pid).not.toBe(before["db"]?.pid);
    expect(after["follows"]?.pid).not.toBe(before["follows"]?.pid);
    expect(after["stays"]?.pid).toBe(before["stays"]?.pid);
    expect((await project.run("exec", "db", "psql", "-Atc", "show work_mem")).stdout.trim()).toBe("9MB");
  });

  it("a service taken out of the file: told, and ended with --remove-orphans", async () => {
    const both = `services:\n  db:\n    ${database}\n  gone:\n    ${database}\n`;
    const project = await createProject(home, "orphan", both);
    expect((await project.run("up")).exitCode).toBe(0);
    const gone = await project.pid("gone");
    await project.write("compose.yaml", `services:\n  db:\n    ${database}\n`);
    const told = await project.run("up");
    expect(told.exitCode).toBe(0);
    expect(told.stderr).toMatch(
      /gone still runs in orphan, but is no longer in the file.\s+bulkhead up --remove-orphans/,
    );
    expect(isAlive(gone)).toBe(true);
    expect((await project.run("up", "--remove-orphans")).stderr).toMatch(/gone: stopped/);
    expect(isAlive(gone)).toBe(false);
  });

  it("the file's own healthcheck that would fail is a warning; one that passes says nothing", async () => {
    const project = await createProject(
      home,
      "checks",
      `services:
  good:
    ${database}
      POSTGRES_USER: owner
    healthcheck: {test: [CMD-SHELL, "pg_isready -h localhost -p 5432 -U $$POSTGRES_USER"], retries: 1}
  bad:
    ${database}
    healthcheck: {test: [CMD-SHELL, "echo no such luck; exit 3"], retries: 1}
  foreign:
    ${database}
    healthcheck: {test: [CMD, a-program-of-the-image-only]}
`,
    );
    const result = await project.run("up");
    expect(result.exitCode).toBe(0);
    const warnings = result.stderr.split("\n").filter((line) => line.startsWith("warning:"));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/bad: its own healthcheck would have failed: no such luck - exit code 3/);
  });
});

describe("what does not come up", () => {
  it("a unit that dies ends the wait at once: name, exit code, last words, where to look; the rest runs on", async () => {
    const project = await createProject(
      home,
      "dies",
      `services:
  db:
    ${checkedDatabase}
  app:
    ${mlflowBuild}
    command: [sh, -c, "echo harmless; echo 'ERROR: the reason why' >&2; exit 3; exec mlflow server"]
    depends_on: {db: {condition: service_healthy}}
`,
    );
    const result = await project.run("up");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/app exited with code 3\n\s+ERROR: the reason why/);
    expect(result.stderr).toContain("bulkhead logs app");
    expect(result.stderr).toContain("bulkhead down");
    expect((await rows(project))["db"]?.state).toBe("ready");
    const json = JSON.parse((await project.run("up", "--json")).stdout) as {
      ok: boolean;
      exitCode: number;
      errors: { code: string; detail: object }[];
    };
    expect(json).toMatchObject({
      ok: false,
      exitCode: 1,
      errors: [{ code: "STACK_FAILED", detail: { service: "app" } }],
    });
  });

  it("a unit that keeps dying under a restart policy is a crash loop, with its cause", async () => {
    const project = await createProject(
      home,
      "loops",
      `services:
  app:
    ${mlflowBuild}
    restart: always
    command: [sh, -c, "echo 'ERROR: again and again'; exit 4; exec mlflow server"]
`,
    );
    const result = await project.run("up");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/app keeps exiting with code 4/);
    expect(result.stderr).toContain("ERROR: again and again");
    expect((await rows(project))["app"]?.state).toBe("crash-loop");
  });

  it("--wait-timeout ends with what each service was waiting for, exit 1", async () => {
    const project = await createProject(
      home,
      "slow",
      `services:
  db:
    ${checkedDatabase}
  app:
    ${mlflowBuild}
    command: [sh, -c, "sleep 600; exec mlflow server --port 5000"]
    stop_grace_period: 1s
    healthcheck: {test: [CMD, "true"]}
    depends_on: {db: {condition: service_healthy}}
  last:
    ${database}
    depends_on: {app: {condition: service_healthy}}
`,
    );
    // What runs already needs no time of this wait; a slow machine needs more of it all the same.
    await project.leaveUp("app");
    let seconds = 2;
    let result: CommandResult;
    do {
      seconds *= 2;
      result = await project.run("up", "--wait-timeout", String(seconds));
    } while (seconds < 100 && / {2}db: |app: db to be ready/.test(result.stderr));
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(`Not everything was ready after ${seconds} s:`);
    expect(result.stderr).toMatch(/ {2}app: .*(ECONNREFUSED|refused)/);
    expect(result.stderr).toMatch(/ {2}last: app to be ready/);
    expect(result.stderr).not.toMatch(/ {2}db: /);
    expect((await rows(project))["db"]?.state).toBe("ready");
  });
});

describe("a program the catalog does not know", () => {
  it("that is kept running by its restart policy is ready when it runs, and told when it dies", async () => {
    const text = (script: string): string => `services:
  worker:
    ${mlflowBuild}
    command: [sh, -c, "${script}"]
    restart: unless-stopped
    stop_grace_period: 1s
`;
    const project = await createProject(home, "worker", text("sleep 600"));
    const result = await project.run("up");
    expect(result.stderr).toMatch(/worker: ready/);
    expect(result.exitCode).toBe(0);
    await project.write("compose.yaml", text("echo no queue; exit 1"));
    const failed = await project.run("up");
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toMatch(/worker keeps exiting with code 1.*\n\s+no queue/);
  });

  it("that nobody waits for may run or end: up waits for neither, and starts it again only when it is another", async () => {
    const text = (script: string): string => `services:
  tool:
    ${mlflowBuild}
    command: [sh, -c, "${script}"]
    stop_grace_period: 1s
`;
    const state = async (): Promise<string | undefined> => (await rows(project))["tool"]?.state;
    const project = await createProject(home, "tool", text("trap 'exit 0' USR1; while true; do sleep 0.1; done"));
    const up = await project.run("up");
    expect(up.stderr).toMatch(/tool: ready/);
    expect([up.exitCode, await state()]).toEqual([0, "ready"]);
    const pid = await project.pid("tool");
    expect((await project.run("up")).exitCode).toBe(0);
    expect(await project.pid("tool")).toBe(pid);

    // It ends while no command looks.
    process.kill(pid, "SIGUSR1");
    await poll(async () => (await state()) === "completed", "tool to have completed");
    const again = await project.run("up");
    expect(again.stderr).toMatch(/tool: completed .*done before/);
    expect([again.exitCode, await state()]).toEqual([0, "completed"]);

    await project.write("compose.yaml", text("sleep 600"));
    expect((await project.run("up")).exitCode).toBe(0);
    expect(await state()).toBe("ready");
    await project.run("stop");
    expect(await state()).toBe("stopped");
    await project.write("compose.yaml", text("echo no queue; exit 3"));
    const failed = await project.run("up");
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toMatch(/tool exited with code 3\n\s+no queue/);
  });
});
