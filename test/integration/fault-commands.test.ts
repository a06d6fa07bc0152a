import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkJsonSchema } from "../helpers/check-json-schema.ts";
import { createProject, mlflowBuild, type FaultProject } from "../helpers/fault-project.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const text = `services:
  db:
    image: postgres:17
    environment: {POSTGRES_USER: owner, POSTGRES_PASSWORD: secret-of-the-command-tests, POSTGRES_DB: things}
    ports: ["127.0.0.1::5432"]
  job:
    ${mlflowBuild}
    command: [sh, -c, "echo one; echo two; echo three"]
  later:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: secret-of-the-command-tests}
    profiles: [more]
`;

let home: StackHome;
let project: FaultProject;
let up: string;
beforeAll(async () => {
  home = await createStackHome();
  project = await createProject(home, "commands", text);
  up = (await project.run("up", "--json")).stdout;
});
afterAll(() => home[Symbol.asyncDispose]());

describe("--json", () => {
  it("is one object in the shape that docs/schema gives, for every command, fine or failed", async () => {
    expect(checkJsonSchema("up", JSON.parse(up))).toEqual([]);
    for (const [schema, args] of [
      ["ps", ["ps", "--json"]],
      ["ps", ["ps", "-a", "--json"]],
      ["logs", ["logs", "--json"]],
      ["stop", ["stop", "--json", "job"]],
      ["restart", ["restart", "--json", "db"]],
      ["up", ["up", "--json", "nobody"]],
      ["ps", ["ps", "--json", "nobody"]],
    ] as const) {
      const { stdout } = await project.run(...args);
      expect([args.join(" "), checkJsonSchema(schema, JSON.parse(stdout))]).toEqual([args.join(" "), []]);
    }
    const events = (await project.run("up", "--json-events")).stdout.trimEnd().split("\n");
    expect(events.length).toBeGreaterThan(2);
    for (const line of events.slice(0, -1)) {
      expect([line, checkJsonSchema("event", JSON.parse(line))]).toEqual([line, []]);
    }
    const { type, time, ...envelope } = JSON.parse(events.at(-1) ?? "") as Record<string, unknown>;
    expect([type, typeof time, checkJsonSchema("up", envelope)]).toEqual(["result", "string", []]);
  });
});

describe("exec", () => {
  it("passes output and exit code on", async () => {
    const result = await project.run("exec", "db", "sh", "-c", "echo out; echo err >&2; exit 42");
    expect(result).toMatchObject({ exitCode: 42, stdout: "out\n", stderr: "err\n" });
    expect((await project.run("exec", "db", "sh", "-c", "kill -9 $$")).exitCode).toBe(137);
    expect((await project.run("exec", "-e", "A=b c", "db", "printenv", "A")).stdout).toBe("b c\n");
  });

  it("psql in a PostgreSQL service is the superuser on its database", async () => {
    expect((await project.run("exec", "db", "psql", "-Atc", "select current_user, current_database()")).stdout).toBe(
      "owner|things\n",
    );
    expect(
      (await project.run("exec", "db", "sh", "-c", 'psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -Atc "select 5"'))
        .stdout,
    ).toBe("5\n");
  });

  it("says what is not there: the service, its unit, the program", async () => {
    const unknown = await project.run("exec", "nobody", "true");
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toMatch(/no service nobody/);
    const ended = await project.run("exec", "job", "true");
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(/job is not running.\s+bulkhead up job/);
    const disabled = await project.run("exec", "later", "true");
    expect(disabled.stderr).toMatch(/later is disabled.*more/);
    const missing = await project.run("exec", "db", "no-such-program");
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toMatch(/no-such-program is no program/);
  });
});

describe("restart", () => {
  it("gives the service a new process and leaves the others", async () => {
    const before = await project.pid("db");
    const result = await project.run("restart", "db");
    expect(result.exitCode).toBe(0);
    expect(await project.pid("db")).not.toBe(before);
    expect(result.stderr).not.toMatch(/job: running/);
  });
});

describe("logs", () => {
  it("--tail counts lines of each service; --no-log-prefix passes them as they are", async () => {
    expect((await project.run("logs", "--tail", "2", "job")).stdout).toBe("job | two\njob | three\n");
    expect((await project.run("logs", "--no-log-prefix", "-n", "1", "job")).stdout).toBe("three\n");
    expect((await project.run("logs", "--tail", "0", "job")).stdout).toBe("");
    expect((await project.run("logs", "--tail", "some")).exitCode).toBe(2);
  });

  it("--since takes durations and times, by the stamps that applications write and the times of starts", async () => {
    const log = join(project.state, "logs/db.log");
    const own = readFileSync(log, "utf8");
    const now = new Date().toISOString().replace("T", " ").replace("Z", " UTC");
    const old = "2020-01-01 00:00:00.000 UTC [1] LOG:  of old\n";
    writeFileSync(log, `${old}${own}${now} [1] LOG:  of now\n`);
    // The marks of the runs that follow move with their output.
    const times = join(project.state, "logs/db.times");
    const marks = readFileSync(times, "utf8").replace(/\d+$/gm, (bytes) => String(Number(bytes) + old.length));
    writeFileSync(times, `2020-01-01T00:00:00.000Z start - 0\n2020-01-01T00:00:09.000Z exit 0 ${old.length}\n${marks}`);
    expect((await project.run("logs", "--since", "2019-01-01T00:00:00Z", "db")).stdout).toContain("of old");
    const recent = (await project.run("logs", "--since", "10m", "db")).stdout;
    expect(recent).toContain("of now");
    expect(recent).not.toContain("of old");
    // The job wrote no times: its run ended long before tomorrow and after yesterday.
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect((await project.run("logs", "--since", tomorrow)).stdout).toBe("");
    expect((await project.run("logs", "--since", "24h", "job")).stdout).toContain("one");
    const wrong = await project.run("logs", "--since", "yesterday");
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toMatch(/--since.*"yesterday"/);
  });

  it("-f goes on over a rotation without losing or doubling a line, until Ctrl-C", async () => {
    const log = join(project.state, "logs/job.log");
    const follow = project.start("logs", "-f", "--tail", "1", "job");
    await follow.until(/job \| three/);
    appendFileSync(log, "grün ");
    appendFileSync(log, "four\n");
    await follow.until(/grün four/);
    // As the supervisor rotates: what was written just before must not be lost.
    appendFileSync(log, "five\n");
    renameSync(log, `${log}.1`);
    writeFileSync(log, "six\n");
    await follow.until(/job \| six/);
    follow.kill("SIGINT");
    const { stdout } = await follow.ended;
    expect(stdout).toBe("job | three\njob | grün four\njob | five\njob | six\n");
  });
});

describe("config and ps", () => {
  it("config prints Compose's model as YAML and JSON, and names", async () => {
    const json = JSON.parse((await project.run("config", "--format", "json")).stdout) as {
      name: string;
      services: object;
    };
    expect(json.name).toBe("commands");
    expect(Object.keys(json.services)).toEqual(["db", "job"]);
    expect((await project.run("config", "--services")).stdout.split("\n").toSorted().join(" ").trim()).toBe("db job");
    expect((await project.run("config")).stdout).toMatch(/^name: commands$/m);
    expect((await project.run("--profile", "more", "config", "--services")).stdout).toContain("later");
  });

  it("ps tells what runs, -a everything, both with ports and states", async () => {
    const { stdout } = await project.run("ps");
    expect(stdout).toMatch(/db\s+ready.*127\.0\.0\.1:\d+->5432\/tcp/);
    expect((await project.run("ps", "-a")).stdout).toMatch(/job\s+completed/);
  });
});
