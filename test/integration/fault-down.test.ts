import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, isAlive, mlflowBuild, poll, type FaultProject } from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const text = `services:
  db:
    image: postgres:17
    environment:
      POSTGRES_USER: owner
      POSTGRES_PASSWORD: secret-of-the-down-tests
      POSTGRES_DB: kept
    healthcheck: {test: [CMD, pg_isready, -U, owner, -d, kept]}
    volumes: ["data:/var/lib/postgresql/data"]
volumes:
  data:
`;
const fill = "create table rows as select n, 'row ' || n as text from generate_series(1, 1000) n";
const sum = "select count(*) || ' ' || sum(hashtext(text)) from rows";

/** Of what ignores the stop signal: whoever waits for it takes longer than a slow machine does for anything else. */
const graceMs = 200_000;

let home: StackHome;
beforeAll(async () => {
  home = await createStackHome();
});
afterAll(() => home[Symbol.asyncDispose]());

async function ask(project: FaultProject, query: string): Promise<string> {
  const { stdout, stderr, exitCode } = await project.run("exec", "db", "psql", "-U", "owner", "-Atc", query, "kept");
  if (exitCode !== 0) throw new Error(stderr);
  return stdout.trim();
}

async function filled(name: string): Promise<FaultProject> {
  const project = await createProject(home, name, text);
  expect((await project.run("up")).exitCode).toBe(0);
  await ask(project, fill);
  return project;
}

describe("stop and down", () => {
  it("stop keeps everything; down ends units and keeps volumes and logs", async () => {
    const project = await filled("keeps");
    const before = await ask(project, sum);
    const pid = await project.pid("db");
    expect((await project.run("stop")).exitCode).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect((await project.run("ps")).stderr).toMatch(/Nothing runs/);
    expect((await project.run("up")).exitCode).toBe(0);
    expect(await ask(project, sum)).toBe(before);

    const down = await project.run("down", "--json");
    expect(JSON.parse(down.stdout)).toMatchObject({ ok: true, stopped: ["db"], removedVolumes: [], backup: null });
    expect(existsSync(join(project.state, "volumes/keeps_data/PG_VERSION"))).toBe(true);
    expect((await project.run("logs", "db")).stdout).toContain("database system is ready");
    // Again is fine: nothing is there to end.
    expect((await project.run("down")).exitCode).toBe(0);
    expect((await project.run("up")).exitCode).toBe(0);
    expect(await ask(project, sum)).toBe(before);
  });

  for (const from of ["running", "stopped", "brought down"] as const) {
    it(`down -v of a ${from} project writes a backup that restores, and says where`, async () => {
      const project = await filled(`backup-${from.replace(" ", "-")}`);
      const before = await ask(project, sum);
      if (from !== "running") await project.run(from === "stopped" ? "stop" : "down");
      const down = await project.run("down", "-v");
      expect(down.exitCode).toBe(0);
      const place = /Backup of all databases: (\S+)/.exec(down.stdout)?.[1] ?? "";
      expect(place).not.toBe("");
      expect(existsSync(project.state)).toBe(false);
      expect(statSync(place).mode & 0o077).toBe(0);

      // Into a project that was never started, as it says.
      expect(down.stdout).toContain(`bulkhead db restore ${place}`);
      const restored = await project.run("db", "restore", place);
      expect(restored.exitCode === 0 ? "" : restored.stderr).toBe("");
      expect((await project.run("up")).exitCode).toBe(0);
      expect(await ask(project, sum)).toBe(before);
    });
  }

  it("down -v --no-backup removes without one", async () => {
    const project = await filled("removes");
    const down = await project.run("down", "-v", "--no-backup");
    expect(down.exitCode).toBe(0);
    expect(down.stdout).toMatch(/Removed volumes: removes_data/);
    expect(down.stdout).not.toMatch(/Backup/);
    expect(existsSync(project.state)).toBe(false);
    expect(existsSync(join(project.state, "../../backups/removes"))).toBe(false);
  });

  it("stop -t and down -t kill what does not end in time", async () => {
    const project = await createProject(
      home,
      "stubborn",
      `services:
  app:
    ${mlflowBuild}
    command: [sh, -c, "trap 'echo not me' TERM; echo up; while true; do sleep 1; done; exec mlflow server"]
    stop_grace_period: ${graceMs / 1000}s
`,
    );
    for (const [verb, starts] of [
      ["stop", 1],
      ["down", 2],
    ] as const) {
      await project.leaveUp("app");
      const said = async (): Promise<number> => (await project.run("logs", "app")).stdout.split("app | up").length - 1;
      await poll(async () => (await said()) === starts, "app to say up");
      const pid = await project.pid("app");
      const began = performance.now();
      expect((await project.run(verb, "-t", "1")).exitCode).toBe(0);
      expect(performance.now() - began).toBeLessThan(graceMs);
      expect(isAlive(pid)).toBe(false);
      const { stdout, stderr } = await project.run("logs", "app");
      expect(stdout + stderr).toContain("not me");
    }
  });
});

describe("Ctrl-C during down", () => {
  for (const times of [1, 2]) {
    it(`${times === 1 ? "once" : "twice"} while services stop: exit 130 at once, the next down is not held up`, async () => {
      const project = await createProject(
        home,
        `interrupted-${times}`,
        `${text.replace("volumes:\n  data:", "")}  app:
    ${mlflowBuild}
    command: [sh, -c, "trap 'echo not me' TERM; echo up; while true; do sleep 1; done; exec mlflow server"]
    stop_grace_period: ${graceMs / 1000}s
    depends_on: {db: {condition: service_healthy}}
volumes: {data: {}}
`,
      );
      await project.leaveUp("app");
      const said = async (): Promise<string> => (await project.run("logs", "app")).stdout;
      await poll(async () => (await said()).includes("app | up"), "app to say up");
      const pids = [await project.pid("app"), await project.pid("db")];

      const down = project.start("down");
      await poll(async () => (await said()).includes("not me"), "app to be asked to end");
      const pressed = performance.now();
      for (let time = 0; time < times; time += 1) down.kill("SIGINT");
      expect((await down.ended).exitCode).toBe(130);
      expect(performance.now() - pressed).toBeLessThan(graceMs);
      expect(pids.map(isAlive)).toEqual([true, true]);
      const { stdout } = await project.run("exec", "db", "psql", "-U", "owner", "-Atc", "select 40 + 2", "kept");
      expect(stdout.trim()).toBe("42");

      const again = performance.now();
      expect(await project.run("down", "-t", "1")).toMatchObject({ exitCode: 0 });
      expect(performance.now() - again).toBeLessThan(graceMs);
      expect(pids.map(isAlive)).toEqual([false, false]);
      expect(existsSync(join(project.state, `volumes/interrupted-${times}_data/PG_VERSION`))).toBe(true);
    });
  }

  for (const from of ["running", "stopped"] as const) {
    it(`during the backup of a ${from} project: nothing is removed and no half of a backup is left`, async () => {
      const name = `unsaved-${from}`;
      const project = await createProject(
        home,
        name,
        text.replace("volumes: [", "command: -c max_prepared_transactions=1\n    volumes: ["),
      );
      expect((await project.run("up")).exitCode).toBe(0);
      await ask(project, fill);
      const before = await ask(project, sum);
      // pg_dump waits for it as long as it is there, over restarts of the server too.
      await ask(project, "begin; lock table rows in access exclusive mode; prepare transaction 'held'");
      if (from === "stopped") await project.run("stop");
      const pid = from === "running" ? await project.pid("db") : undefined;

      const backups = join(project.state, "../../backups", name);
      const halves = (): string[] => (existsSync(backups) ? readdirSync(backups) : []);
      const isDumping = (): boolean => halves().some((half) => half.endsWith(".unfinished.d"));
      const killed = project.start("down", "-v");
      await poll(isDumping, "the backup to have begun");
      killed.kill("SIGKILL");
      await killed.ended;
      if (from === "stopped") await project.run("stop");
      const down = project.start("down", "-v");
      const [left] = halves();
      await poll(() => !halves().includes(left ?? "") && isDumping(), "the next backup to have begun");
      down.kill("SIGINT");
      expect((await down.ended).exitCode).toBe(130);
      expect(halves()).toEqual([]);
      const rows = JSON.parse((await project.run("ps", "-a", "--json")).stdout) as {
        services: { state: string; pid: number | null }[];
      };
      expect(rows.services).toMatchObject([
        pid === undefined ? { state: "stopped", pid: null } : { state: "ready", pid },
      ]);

      expect((await project.run("up")).exitCode).toBe(0);
      await ask(project, "rollback prepared 'held'");
      expect(await ask(project, sum)).toBe(before);
      expect((await project.run("down", "-v")).exitCode).toBe(0);
      expect(halves()).toEqual([expect.stringMatching(/^[\dTZ-]+\.tar$/)]);
    });
  }

  it("twice while the volumes are removed: they are gone for every other command, and the next down clears up", async () => {
    const project = await filled("removing");
    const many = join(project.state, "volumes/removing_data/many");
    mkdirSync(many);
    for (let file = 0; file < 30_000; file += 1) writeFileSync(join(many, String(file)), "");
    const aside = join(project.state, "../../removed/removing");
    const down = project.start("down", "-v", "--no-backup");
    await poll(() => existsSync(aside), "the removal to have begun");
    down.kill("SIGINT");
    await down.until(/Ctrl-C again leaves at once/);
    down.kill("SIGINT");
    expect((await down.ended).exitCode).toBe(130);
    expect([existsSync(project.state), existsSync(aside)]).toEqual([false, true]);

    expect((await project.run("up")).exitCode).toBe(0);
    expect(await ask(project, "select to_regclass('rows') is null")).toBe("t");
    expect((await project.run("down", "-v", "--no-backup")).exitCode).toBe(0);
    expect([existsSync(project.state), existsSync(aside)]).toEqual([false, false]);
  });
});
