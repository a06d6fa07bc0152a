import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
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
    volumes: ["data:/var/lib/postgresql/data"]
volumes:
  data:
`;
const fill = "create table rows as select n, 'row ' || n as text from generate_series(1, 1000) n";
const sum = "select count(*) || ' ' || sum(hashtext(text)) from rows";

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
      const archive = readdirSync(place).find((name) => name.endsWith(".dump")) ?? "";
      expect(statSync(place).mode & 0o077).toBe(0);

      // Into a new server of the same project, by the archive's own tool.
      expect((await project.run("up")).exitCode).toBe(0);
      const program = (await project.run("exec", "db", "sh", "-c", "command -v pg_restore")).stdout.trim();
      const [host = "", port = ""] = (await project.run("exec", "db", "printenv", "PGHOST", "PGPORT")).stdout.split(
        "\n",
      );
      const env = { PGHOST: host, PGPORT: port, PGUSER: "owner" };
      execFileSync(program, ["--exit-on-error", "-d", "kept", join(place, archive)], { env });
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
    stop_grace_period: 90s
`,
    );
    for (const [verb, starts] of [
      ["stop", 1],
      ["down", 2],
    ] as const) {
      const up = project.start("up");
      await up.until(/app: starting/);
      const said = async (): Promise<number> => (await project.run("logs", "app")).stdout.split("app | up").length - 1;
      await poll(async () => (await said()) === starts, "app to say up");
      up.kill("SIGKILL");
      await up.ended;
      const pid = await project.pid("app");
      const began = performance.now();
      expect((await project.run(verb, "-t", "1")).exitCode).toBe(0);
      expect(performance.now() - began).toBeLessThan(30_000);
      expect(isAlive(pid)).toBe(false);
      const { stdout, stderr } = await project.run("logs", "app");
      expect(stdout + stderr).toContain("not me");
    }
  });
});
