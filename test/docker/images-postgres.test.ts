import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";
import { postgresBehaviour } from "./bake/behaviour.ts";
import { createVolume, runContainer, startContainer, type Container, type RunOptions } from "./helpers/container.ts";
import { dockerOutput } from "./helpers/docker.ts";

const password = { POSTGRES_PASSWORD: "secret" };
const isReady = ["pg_isready", "-h", "127.0.0.1"];
const completed = "PostgreSQL init process complete; ready for start up.";

interface Scripts {
  readonly [name: string]: string | Buffer;
}

/** A started server that accepts logins, on an empty data directory unless the options mount another. */
async function startServer(image: string, run: RunOptions = {}): Promise<Container> {
  const container = await startContainer(image, { ...run, env: { ...password, ...run.env } });
  await container.waitForExec(...isReady);
  return container;
}

async function select(container: Container, sql: string, ...psql: readonly string[]): Promise<string> {
  const { stdout, stderr } = await container.exec("psql", "-XAt", "-U", "postgres", ...psql, "-c", sql);
  return (stdout + stderr).trim();
}

/** `psql` in a container of its own, with or without a password. */
async function selectFromOutside(image: string, server: Container, secret: string | undefined): Promise<string> {
  const format = "{{.NetworkSettings.IPAddress}}";
  const address = await dockerOutput(["inspect", "--format", format, server.name]);
  const { stdout, stderr } = await runContainer(image, {
    env: secret === undefined ? {} : { PGPASSWORD: secret },
    command: ["psql", "-XAtw", "-h", address, "-U", "postgres", "-c", "SELECT 'in'"],
  });
  return (stdout + stderr).trim();
}

/** A directory for /docker-entrypoint-initdb.d; `NAME.run.sh` may be executed. */
async function writeScripts(directory: string, scripts: Scripts): Promise<readonly string[]> {
  const place = join(directory, "initdb.d");
  await mkdir(place);
  for (const [name, text] of Object.entries(scripts)) {
    await writeFile(join(place, name), text);
    await chmod(join(place, name), name.endsWith(".run.sh") ? 0o755 : 0o644);
  }
  return ["--volume", `${place}:/docker-entrypoint-initdb.d:ro`];
}

const expectBehaviour: Readonly<Record<keyof typeof postgresBehaviour, (image: string) => Promise<void>>> = {
  defaultUser: async (image) => {
    await using server = await startServer(image);
    expect(await select(server, "SELECT current_user, current_database(), rolsuper FROM pg_roles WHERE oid = 10")).toBe(
      "postgres|postgres|t",
    );
  },
  user: async (image) => {
    await using server = await startServer(image, { env: { POSTGRES_USER: "app" } });
    const { stdout } = await server.exec(
      "psql",
      "-XAtU",
      "app",
      "-c",
      "SELECT current_database(), rolname FROM pg_roles WHERE rolsuper",
    );
    expect(stdout.trim()).toBe("app|app");
  },
  database: async (image) => {
    await using server = await startServer(image, { env: { POSTGRES_DB: "my data" } });
    expect(await select(server, "SELECT current_database()", "-d", "my data")).toBe("my data");
  },
  passwordRequired: async (image) => {
    const { exitCode, stderr } = await runContainer(image, {});
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Error: Database is uninitialized and superuser password is not specified.");
  },
  trustInside: async (image) => {
    await using server = await startServer(image);
    expect(await select(server, "SELECT 'in'", "-w")).toBe("in");
    expect(await select(server, "SELECT 'in'", "-w", "-h", "127.0.0.1")).toBe("in");
  },
  passwordOutside: async (image) => {
    const odd = 'it\'s "odd"\\';
    await using server = await startServer(image, { env: { POSTGRES_PASSWORD: odd } });
    expect(await selectFromOutside(image, server, undefined)).toContain("no password supplied");
    expect(await selectFromOutside(image, server, "other")).toContain("password authentication failed");
    expect(await selectFromOutside(image, server, odd)).toBe("in");
  },
  trustMethod: async (image) => {
    await using server = await startContainer(image, { env: { POSTGRES_HOST_AUTH_METHOD: "trust" } });
    await server.waitForExec(...isReady);
    expect(await selectFromOutside(image, server, undefined)).toBe("in");
    expect(await server.logs()).toContain('POSTGRES_HOST_AUTH_METHOD has been set to "trust"');
  },
  initdbArguments: async (image) => {
    const env = { POSTGRES_INITDB_ARGS: "--data-checksums --locale='C'" };
    await using server = await startServer(image, { env });
    expect(await select(server, "SELECT current_setting('data_checksums'), datcollate FROM pg_database LIMIT 1")).toBe(
      "on|C",
    );
  },
  dataDirectory: async (image) => {
    await using server = await startServer(image, { env: { PGDATA: "/srv/data" } });
    expect(await select(server, "SHOW data_directory")).toBe("/srv/data");
  },
  secretFile: async (image) => {
    await using directory = await createTemporaryDirectory();
    await writeFile(join(directory.path, "user"), "from_file\n");
    const options = ["--volume", `${directory.path}:/run/secrets:ro`];
    const env = { ...password, POSTGRES_USER_FILE: "/run/secrets/user" };
    await using server = await startServer(image, { options, env });
    expect((await server.exec("psql", "-XAtU", "from_file", "-c", "SELECT current_user")).stdout.trim()).toBe(
      "from_file",
    );
    const both = await runContainer(image, { options, env: { ...env, POSTGRES_USER: "other" } });
    expect(both.exitCode).toBe(1);
    expect(both.stderr).toContain("both POSTGRES_USER and POSTGRES_USER_FILE are set");
  },
  scriptOrder: async (image) => {
    await using directory = await createTemporaryDirectory();
    const mounted = await writeScripts(directory.path, {
      "1.sql":
        "CREATE TABLE seen (step int, who text, base text); INSERT INTO seen VALUES (1, current_user, current_database());",
      "2.sql.gz": gzipSync("INSERT INTO seen VALUES (2, current_user, current_database());"),
      "3.sh":
        'function later() { psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "INSERT INTO seen VALUES (3)"; }; later',
      "4.run.sh":
        '#!/bin/bash\ntype later 2>&1\npsql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "INSERT INTO seen VALUES (4)"',
      "5.txt": "INSERT INTO seen VALUES (5)",
    });
    const env = { POSTGRES_USER: "app", POSTGRES_DB: "stock" };
    await using server = await startServer(image, { options: mounted, env });
    const { stdout } = await server.exec("psql", "-XAtU", "app", "-d", "stock", "-c", "TABLE seen");
    expect(stdout.trim().split("\n")).toEqual(["1|app|stock", "2|app|stock", "3||", "4||"]);
    const logs = await server.logs();
    // Executed in a shell of its own, it does not know the function that the one before it left in the first shell.
    for (const line of ["running", "running", "sourcing", "running", "ignoring"].entries()) {
      expect(logs).toContain(`${line[1]} /docker-entrypoint-initdb.d/${line[0] + 1}.`);
    }
    expect(logs).toContain("later: not found");
    expect(logs).toContain(completed);
  },
  scriptUser: async (image) => {
    await using directory = await createTemporaryDirectory();
    const mounted = await writeScripts(directory.path, { "1.sh": 'echo "runs as $(id -un)"' });
    await using server = await startServer(image, { options: mounted });
    expect(await server.logs()).toContain("runs as postgres");
  },
  scriptSocketOnly: async (image) => {
    await using directory = await createTemporaryDirectory();
    const mounted = await writeScripts(directory.path, {
      "1.sh": "pg_isready; pg_isready -h 127.0.0.1 || true",
    });
    await using server = await startServer(image, { options: mounted });
    const logs = await server.logs();
    expect(logs).toContain("/var/run/postgresql:5432 - accepting connections");
    expect(logs).toContain("127.0.0.1:5432 - no response");
  },
  scriptFails: async (image) => {
    await using directory = await createTemporaryDirectory();
    await using volume = await createVolume();
    const mounted = await writeScripts(directory.path, {
      "1.sql": "CREATE TABLE first ();",
      "2.sql": "SELECT 1 / 0;",
      "3.sql": "CREATE TABLE third ();",
    });
    const options = [...mounted, "--volume", `${volume.name}:/var/lib/postgresql/data`];
    const failed = await runContainer(image, { options, env: password });
    expect(failed.exitCode).toBe(3);
    expect(failed.stderr).toContain("division by zero");
    await using server = await startServer(image, { options });
    expect(await server.logs()).toContain("Skipping initialization");
    expect(await select(server, "SELECT relname FROM pg_class WHERE relname IN ('first', 'third')")).toBe("first");
  },
  skipsInitialisation: async (image) => {
    await using volume = await createVolume();
    const options = ["--volume", `${volume.name}:/var/lib/postgresql/data`];
    {
      await using server = await startServer(image, { options });
      expect(await server.logs()).toContain(completed);
    }
    const env = { POSTGRES_PASSWORD: "new", POSTGRES_DB: "other" };
    await using server = await startServer(image, { options, env });
    expect(await server.logs()).toContain(
      "PostgreSQL Database directory appears to contain a database; Skipping initialization",
    );
    expect(await selectFromOutside(image, server, "new")).toContain("password authentication failed");
    expect(await selectFromOutside(image, server, "secret")).toBe("in");
    expect(await select(server, "SELECT count(*) FROM pg_database WHERE datname = 'other'")).toBe("0");
  },
  serverOptions: async (image) => {
    await using server = await startServer(image, { command: ["-c", "max_connections=42"] });
    await using named = await startServer(image, { command: ["postgres", "-c", "max_connections=43"] });
    expect(await select(server, "SHOW max_connections")).toBe("42");
    expect(await select(named, "SHOW max_connections")).toBe("43");
  },
  locale: async (image) => {
    await using server = await startServer(image);
    expect(await select(server, "SELECT DISTINCT pg_encoding_to_char(encoding), datcollate FROM pg_database")).toBe(
      "UTF8|en_US.utf8",
    );
  },
  otherMajor: async (image) => {
    await using volume = await createVolume();
    const options = ["--volume", `${volume.name}:/var/lib/postgresql/data`];
    {
      await using server = await startServer(image === "postgres:13" ? "postgres:17" : "postgres:13", { options });
      expect(await server.logs()).toContain(completed);
    }
    const { exitCode, stderr } = await runContainer(image, { options, env: password });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("database files are incompatible with server");
  },
  fastShutdown: async (image) => {
    await using server = await startServer(image);
    await dockerOutput(["stop", "--time", "300", server.name]);
    expect(await server.logs()).toContain("received fast shutdown request");
    expect(await server.wait()).toBe(0);
  },
  clients: async (image) => {
    const major = image.split(":")[1];
    const command = ["bash", "-c", "for p in psql pg_isready pg_dump pg_restore pg_dumpall; do $p --version; done"];
    const { stdout } = await runContainer(image, { command });
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(line).toMatch(new RegExp(`\\(PostgreSQL\\) ${major}\\.`));
  },
  volume: async (image) => {
    expect(await dockerOutput(["image", "inspect", "--format", "{{json .Config.Volumes}}", image])).toBe(
      '{"/var/lib/postgresql/data":{}}',
    );
    await using server = await startServer(image);
    const { stdout } = await server.exec("stat", "-c", "%u:%g %U %a", "/var/lib/postgresql/data");
    expect(stdout.trim()).toBe("999:999 postgres 700");
  },
};

const behaviours = Object.entries(postgresBehaviour).map(([id, { sentence }]) => [sentence, id] as const);

describe.each(["postgres:13", "postgres:17"])("%s", (image) => {
  it.concurrent.each(behaviours)("%s", async (_sentence, id) => {
    await expectBehaviour[id as keyof typeof postgresBehaviour](image);
  });
});
