import { access, chmod, mkdir, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { isSqlFailure, type SqlRow } from "../../src/ports/sql.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const { sql } = createNodePorts();

interface UpPayload {
  readonly access: readonly { readonly service: string; readonly url: string }[];
  readonly errors: readonly { readonly code: string; readonly message: string; readonly hint?: string }[];
}

interface Login {
  readonly service: string;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
}

/** A project directory with these files; `.sh` under `executable` gets its bit. */
async function writeProject(directory: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, content);
    await chmod(path, name.endsWith(".run.sh") ? 0o755 : 0o644);
  }
  return directory;
}

async function upOf(home: StackHome, project: string): Promise<{ exitCode: number | null; payload: UpPayload }> {
  home.onEndBringDown(project);
  const result = await home.run(project, "up", "--auto-ports", "--json");
  return { exitCode: result.exitCode, payload: JSON.parse(result.stdout) as UpPayload };
}

/** The answer of one query, logged in over TCP; the reason when the login fails. */
async function query(payload: UpPayload, login: Login, text: string): Promise<readonly SqlRow[] | string> {
  const url = payload.access.find(({ service }) => service === login.service)?.url ?? "";
  const port = Number(/:(\d+)/.exec(url)?.[1]);
  const session = await sql.connect({ host: "127.0.0.1", port, ...login });
  if (isSqlFailure(session)) return session.failure;
  try {
    return await session.query(text);
  } finally {
    await session.close();
  }
}

/** The idiom that many projects copy for several databases on one server. */
const multipleDatabases = `#!/bin/bash
set -e
set -u
create_user_and_database() {
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<-EOSQL
    CREATE USER $1 PASSWORD '$1-password';
    CREATE DATABASE $1;
    GRANT ALL PRIVILEGES ON DATABASE $1 TO $1;
EOSQL
}
if [ -n "$POSTGRES_MULTIPLE_DATABASES" ]; then
  for db in $(echo $POSTGRES_MULTIPLE_DATABASES | tr ',' ' '); do
    create_user_and_database $db
  done
fi
`;

const serverOf = (major: number): string => `
    image: postgres:${major}
    command: postgres -c max_connections=37 -c shared_buffers=16MB
    environment:
      POSTGRES_USER: owner
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
      POSTGRES_DB: main
      POSTGRES_MULTIPLE_DATABASES: alpha,beta
    secrets: [db_password]
    volumes:
      - data${major}:/var/lib/postgresql/data
      - ./init:/docker-entrypoint-initdb.d:ro`;

/** Starts `up` and kills it as soon as the script has made its file. */
async function killUpInScript(home: StackHome, project: string, started: string): Promise<void> {
  const ended = new AbortController();
  const killed = home.run(project, "up", "--auto-ports").finally(() => ended.abort());
  while (!ended.signal.aborted && !(await readdir(started)).includes("once")) await delay(50);
  const [pid] = await findProcesses("bulkhead.js\0up", project);
  process.kill(pid ?? 0, "SIGKILL");
  expect((await killed).exitCode).toBe(null);
}

/** Processes with this in their command line and, when one is given, this working directory. */
async function findProcesses(text: string, directory?: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    const line = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    const place = await readlink(`/proc/${name}/cwd`).catch(() => "");
    if (line.includes(text) && (directory === undefined || place === directory)) found.push(Number(name));
  }
  return found;
}

describe("a PostgreSQL service", () => {
  it("is made as the image makes it: 13 and 17, init scripts, options, a secret, a long strange path", async () => {
    await using home = await createStackHome("Bulkhead's Däta");
    const name = "Ünïcode Prøjekt 数据 with spaces ";
    const directory = join(home.directory, name + "x".repeat(120 - name.length), "stack");
    expect(directory.length).toBeGreaterThan(120);
    const project = await writeProject(directory, {
      "compose.yaml": `name: strange\nservices:\n  old:${serverOf(13)}\n  new:${serverOf(17)}\n
volumes: {data13: {}, data17: {}}
secrets: {db_password: {file: ./password.txt}}\n`,
      "password.txt": "from a file\n",
      "init/10-plain.sql": "CREATE TABLE plain (a int); INSERT INTO plain VALUES (10);",
      "init/20-packed.sql.gz": gzipSync("CREATE TABLE packed AS SELECT a + 10 AS a FROM plain;"),
      "init/30-executed.run.sh": multipleDatabases,
      // Not executable: sourced, with the image's own function at hand.
      "init/40-sourced.sh": `docker_process_sql <<< "CREATE TABLE sourced AS SELECT a + 10 AS a FROM packed; COMMENT ON TABLE sourced IS '$POSTGRES_DB'"\n`,
      "init/50-ignored.txt": "not SQL",
    });
    const { exitCode, payload } = await upOf(home, project);
    expect(payload.errors).toEqual([]);
    expect(exitCode).toBe(0);
    for (const [service, major] of [
      ["old", 13],
      ["new", 17],
    ] as const) {
      const owner = { service, user: "owner", password: "from a file", database: "main" };
      const facts = await query(
        payload,
        owner,
        `SELECT current_setting('server_version_num')::int / 10000 AS major,
                current_setting('max_connections') AS connections, current_setting('shared_buffers') AS buffers,
                pg_encoding_to_char(encoding) AS encoding, datcollate AS collation,
                (SELECT a FROM sourced) AS sourced, obj_description('sourced'::regclass) AS comment
           FROM pg_database WHERE datname = current_database()`,
      );
      expect(facts).toEqual([
        {
          major,
          connections: "37",
          buffers: "16MB",
          encoding: "UTF8",
          collation: "C.UTF-8",
          sourced: 30,
          comment: "main",
        },
      ]);
      const alpha = { service, user: "alpha", password: "alpha-password", database: "alpha" };
      expect(await query(payload, alpha, "SELECT current_user AS me")).toEqual([{ me: "alpha" }]);
      // As under the image: a role of an init script may use another's database.
      expect(await query(payload, { ...alpha, database: "beta" }, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
      // The network asks for a password, whoever it is.
      expect(await query(payload, { ...owner, password: "wrong" }, "SELECT 1")).toBe("password");
    }
  });

  it("keeps nothing when an init script fails, names it, and runs them all again once it is corrected", async () => {
    await using home = await createStackHome();
    const compose = `name: failing
services:
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: secret-of-db}
    volumes: [data:/var/lib/postgresql/data, ./init:/docker-entrypoint-initdb.d]
volumes: {data: {}}\n`;
    const project = await writeProject(join(home.directory, "failing"), {
      "compose.yaml": compose,
      "init/1-fine.sql": "CREATE TABLE first (a int);",
      "init/2-broken.sql": "CREATE TABLE second (a int);\nSELECT * FROM missing_table;",
    });
    const failed = await upOf(home, project);
    expect(failed.exitCode).toBe(1);
    expect(failed.payload.errors[0]).toMatchObject({ code: "POSTGRES_FAILED" });
    expect(failed.payload.errors[0]?.message).toMatch(
      /init\/2-broken\.sql of db failed[^]*relation "missing_table" does not exist/,
    );
    const volumes = await readdir(join(home.directory, "data/projects/failing/volumes"));
    expect(volumes.filter((volume) => /initializing/.test(volume))).toEqual([]);
    const data = join(home.directory, "data/projects/failing/volumes/failing_data/PG_VERSION");
    await expect(access(data)).rejects.toThrow("ENOENT");

    await writeProject(project, { "init/2-broken.sql": "CREATE TABLE second AS SELECT 2 AS a;" });
    const corrected = await upOf(home, project);
    expect(corrected.exitCode).toBe(0);
    const login = { service: "db", user: "postgres", password: "secret-of-db", database: "postgres" };
    expect(await query(corrected.payload, login, "SELECT a FROM second")).toEqual([{ a: 2 }]);
  });

  it("starts over when `up` was killed while a script ran, and ends the server that was left", async () => {
    await using home = await createStackHome();
    const started = join(home.directory, "started");
    const staging = join(home.directory, "data/projects/killed/volumes/killed_data.initializing");
    const project = await writeProject(join(home.directory, "killed"), {
      "compose.yaml": `name: killed
services:
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: secret-of-db}
    volumes: [data:/var/lib/postgresql/data, ./init:/docker-entrypoint-initdb.d]
volumes: {data: {}}\n`,
      // The first time it waits for its end; a server that goes takes the waiting client with it.
      "init/1-slow.run.sh": `#!/bin/bash
[ -e '${started}/once' ] && exec psql -U "$POSTGRES_USER" -c "CREATE TABLE second_time (a int)"
touch '${started}/once'
exec psql -U "$POSTGRES_USER" -c "SELECT pg_sleep(600)"\n`,
    });
    // The units' account writes here.
    await mkdir(started);
    await chmod(started, 0o777);
    home.onEndBringDown(project);
    await killUpInScript(home, project, started);
    // `down` ends what was left as the next `up` does.
    await home.run(project, "down");
    expect(await findProcesses(staging)).toEqual([]);

    await rm(join(started, "once"));
    await killUpInScript(home, project, started);
    const { exitCode, payload } = await upOf(home, project);
    expect(payload.errors).toEqual([]);
    expect(exitCode).toBe(0);
    const login = { service: "db", user: "postgres", password: "secret-of-db", database: "postgres" };
    expect(await query(payload, login, "SELECT * FROM second_time")).toEqual([]);
    expect(await findProcesses(join(home.directory, "data/projects/killed/volumes/killed_data.initializing"))).toEqual(
      [],
    );
  });

  it("refuses a volume of another major and a password the volume was not made with", async () => {
    await using home = await createStackHome();
    const compose = (major: number, password: string): string => `name: drift
services:
  db:
    image: postgres:${major}
    environment: {POSTGRES_PASSWORD: "${password}"}
    volumes: [data:/var/lib/postgresql/data]
volumes: {data: {}}\n`;
    const project = await writeProject(join(home.directory, "drift"), { "compose.yaml": compose(13, "first-word") });
    expect((await upOf(home, project)).exitCode).toBe(0);

    await writeProject(project, { "compose.yaml": compose(13, "second-word") });
    const changed = await upOf(home, project);
    expect(changed.exitCode).toBe(1);
    expect(changed.payload.errors[0]).toMatchObject({ code: "PASSWORD_CHANGED" });
    expect(JSON.stringify(changed.payload)).not.toContain("second-word");

    await home.run(project, "down");
    await writeProject(project, { "compose.yaml": compose(17, "first-word") });
    const other = await upOf(home, project);
    expect(other.exitCode).toBe(2);
    expect(other.payload.errors[0]).toMatchObject({ code: "POSTGRES_DATA_MAJOR" });
    expect(other.payload.errors[0]?.message).toContain("PostgreSQL 13");

    // Nothing was harmed: back on its own major the data serves again.
    await writeProject(project, { "compose.yaml": compose(13, "first-word") });
    expect((await upOf(home, project)).exitCode).toBe(0);
  });

  it("asks nobody for a password with POSTGRES_HOST_AUTH_METHOD=trust, and refuses to be made without either", async () => {
    await using home = await createStackHome();
    const compose = (environment: string): string =>
      `name: trusting\nservices:\n  db:\n    image: postgres:17\n    environment: ${environment}\n`;
    const project = await writeProject(join(home.directory, "trusting"), { "compose.yaml": compose("{}") });
    const refused = await upOf(home, project);
    expect(refused.exitCode).toBe(1);
    expect(refused.payload.errors[0]?.message).toContain("POSTGRES_PASSWORD");

    await writeProject(project, { "compose.yaml": compose("{POSTGRES_HOST_AUTH_METHOD: trust, POSTGRES_DB: open}") });
    const { exitCode, payload } = await upOf(home, project);
    expect(payload.errors).toEqual([]);
    expect(exitCode).toBe(0);
    const anybody = { service: "db", user: "postgres", database: "open" };
    expect(await query(payload, anybody, "SELECT current_database() AS name")).toEqual([{ name: "open" }]);
  });
});
