import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createProject, isAlive, poll, type FaultProject } from "../helpers/fault-project.ts";
import { createStackHome, type CommandResult, type StackHome } from "../helpers/stack-home.ts";

const text = `services:
  db:
    image: postgres:17
    command: -c max_prepared_transactions=1
    environment: { POSTGRES_USER: owner, POSTGRES_PASSWORD: secret-of-the-backup, POSTGRES_DB: kept }
    volumes: ["data:/var/lib/postgresql/data"]
volumes: { data: {} }
`;
const sum = "select count(*) || ' ' || sum(hashtext(text)) from rows";

let home: StackHome;
let project: FaultProject;
let before: string;
beforeAll(async () => {
  home = await createStackHome();
  project = await createProject(home, "p", text);
  await project.run("up");
  await ask("create table rows as select n, repeat(md5(n::text), 20) as text from generate_series(1, 20000) n");
  before = await ask(sum);
});
afterAll(() => home[Symbol.asyncDispose]());

async function ask(query: string): Promise<string> {
  const { stdout, stderr, exitCode } = await project.run("exec", "db", "psql", "-U", "owner", "-Atc", query, "kept");
  if (exitCode !== 0) throw new Error(stderr);
  return stdout.trim();
}

it("goes to a file or a directory, from a server that runs, was stopped, and was killed", async () => {
  const running = await project.run("db", "backup", "--out", "running.tar", "--verify", "--json");
  expect(JSON.parse(running.stdout)).toMatchObject({
    file: join(project.directory, "running.tar"),
    verified: true,
    databases: [{ server: "db", name: "kept", tables: 1, rows: 20_000 }],
  });
  const pid = await project.pid("db");
  process.kill(pid, "SIGKILL");
  await poll(() => !isAlive(pid), "the end of the server");
  const place = join(project.directory, "backups");
  mkdirSync(place);
  const killed = await project.run("db", "backup", "--out", "backups", "kept");
  expect(killed.exitCode === 0 ? "" : killed.stderr).toBe("");
  expect(readdirSync(place)).toEqual([expect.stringMatching(/^[\dTZ-]+\.tar$/)]);
  expect(killed.stdout).toContain(`bulkhead db restore ${join(place, readdirSync(place)[0] ?? "")}`);
  // It was not running, so it does not run afterwards.
  const { stdout } = await project.run("ps", "-a", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ services: [{ name: "db", pid: null }] });
});

it("comes back into the project, and the row that was there before is kept", async () => {
  expect(await project.run("up")).toMatchObject({ exitCode: 0 });
  await ask("delete from rows; create table later as select 1 as one");
  const restored = await project.run("db", "restore", "running.tar", "--json");
  expect(restored.exitCode === 0 ? "" : restored.stderr).toBe("");
  const [database] = (JSON.parse(restored.stdout) as { databases: { aside: string }[] }).databases;
  expect(await ask(sum)).toBe(before);
  const kept = ["exec", "db", "psql", "-U", "owner", "-Atc", "select one from later", database?.aside ?? ""];
  expect((await project.run(...kept)).stdout.trim()).toBe("1");
  const shown = await project.run("db", "restore", "running.tar");
  const remove = /bulkhead (exec db dropdb -U owner \S+)/.exec(shown.stdout)?.[1] ?? "";
  expect((await project.run(...remove.split(" "))).exitCode).toBe(0);
});

it("killed while it restores leaves the present database, and the next one clears up", async () => {
  await ask("create table newer as select 1 as one");
  const work = join(project.state, "../../backups/p/.restore.unfinished");
  const killed = project.start("db", "restore", "running.tar");
  await poll(() => existsSync(work), "the restore to have begun");
  killed.kill("SIGKILL");
  await killed.ended;
  expect(await ask("select one from newer")).toBe("1");
  expect(await ask(sum)).toBe(before);
  expect(await project.run("db", "restore", "running.tar")).toMatchObject({ exitCode: 0 });
  expect(await ask("select to_regclass('newer') is null")).toBe("t");
  expect(await ask("select count(*) from pg_database where datname like 'bulkhead%'")).toBe("0");
  expect(existsSync(work)).toBe(false);
});

it("killed half-way leaves nothing under its name, and the next one clears up", async () => {
  await ask("begin; lock table rows in access exclusive mode; prepare transaction 'held'");
  const backups = join(project.state, "../../backups/p");
  const killed = project.start("db", "backup");
  await poll(() => listUnfinished(backups).length > 0, "the backup to have begun");
  killed.kill("SIGKILL");
  await killed.ended;
  expect(readdirSync(backups).filter((name) => name.endsWith(".tar"))).toEqual([]);
  await ask("rollback prepared 'held'");
  expect(await project.run("db", "backup")).toMatchObject({ exitCode: 0 });
  expect(listUnfinished(backups)).toEqual([]);
  expect(readdirSync(backups).filter((name) => name.endsWith(".tar"))).toHaveLength(1);
});

function listUnfinished(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).filter((name) => name.includes(".unfinished")) : [];
}

it("says that the disk is full, and leaves nothing on it", async () => {
  const disk = join(project.directory, "disk");
  mkdirSync(disk);
  const size = statSync(join(project.directory, "running.tar")).size;
  // No room for the dump; room for it, and none for the file it goes into.
  for (const room of [0.5, 1.5]) {
    const full = await onSmallDisk(disk, `${Math.ceil((size * room) / 1024)}k`);
    expect(full).toMatchObject({ exitCode: 2, stdout: "left: \n" });
    expect(full.stderr).toMatch(room < 1 ? /pg_dump on db failed.*No space left on device/ : /The disk of .* is full/);
    expect(full.stderr).toContain("df -h");
  }
  expect(await onSmallDisk(disk, "64m")).toMatchObject({ exitCode: 0 });
});

/** A backup to a file system of its own, which ends with it; then what is left there. */
async function onSmallDisk(disk: string, size: string): Promise<CommandResult> {
  const script = `mount -t tmpfs -o size=${size} none "$1" && shift && "$@"; code=$?; echo "left: $(ls -A disk)"; exit $code`;
  const namespace = process.getuid?.() === 0 ? ["-m"] : ["-rm"];
  const bulkhead = [process.execPath, resolve("bin/bulkhead.js"), "db", "backup", "--out", "disk/x.tar"];
  const child = spawn("unshare", [...namespace, "sh", "-c", script, "sh", disk, ...bulkhead], {
    cwd: project.directory,
    env: { ...home.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (stdout += piece));
  child.stderr.setEncoding("utf8").on("data", (piece: string) => (stderr += piece));
  const exitCode = await new Promise<number | null>((done, reject) => {
    child.once("error", reject);
    child.once("close", done);
  });
  return { exitCode, stdout, stderr };
}
