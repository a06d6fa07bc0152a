import { chmod, chown, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadProject } from "../../src/compose/load-project.ts";
import { openNativeSession } from "../../src/engine/native/native-session.ts";
import { openServerAccess } from "../../src/engine/native/open-server-access.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { openUrlAccess, type UrlAccess } from "../../src/postgres/open-url-access.ts";
import type { ServerAccess } from "../../src/ports/server-access.ts";
import { resolveTopology } from "../../src/topology/resolve-topology.ts";
import { requestFor } from "../helpers/request-for.ts";
import { describeServerAccess } from "../helpers/server-access-contract.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";
import { supplyContext } from "../helpers/supply-context.ts";
import { createTemporaryDirectory, type TemporaryDirectory } from "../helpers/temporary-directory.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

const io = createNodePorts();

async function openUrl(url: string, env: Readonly<Record<string, string>> = {}): Promise<UrlAccess> {
  const host = { ...io.host, env: { ...io.host.env, ...env } };
  return openUrlAccess(await supplyContext({ io: { ...io, host } }), url);
}

describe.each([13, 17])("by URL, PostgreSQL %i", (major) => {
  let server: TestServer;
  let access: ServerAccess;
  beforeAll(async () => {
    server = await startTestServer(major);
    access = await openUrl(server.url("postgres"));
  });
  afterAll(() => server[Symbol.asyncDispose]());
  describeServerAccess(() => ({ access, other: access }));
});

describe("by URL", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(17);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("takes the password from PGPASSWORD, or from a file that nobody else may read", async () => {
    const { port, password } = server.target;
    const bare = `postgresql+psycopg2://postgres@127.0.0.1:${port}/postgres`;
    expect((await openUrl(bare, { PGPASSWORD: password })).database).toBe("postgres");
    await using directory = await createTemporaryDirectory();
    const file = join(directory.path, "pass word");
    await writeFile(file, `127.0.0.1:${port}:*:postgres:${password}\n`, { mode: 0o600 });
    const access = await openUrl(bare, { PGPASSFILE: file });
    const args = ["--no-psqlrc", "-At", "-d", "postgres", "-c", "select 1"];
    const { signal } = new AbortController();
    expect(await access.run({ program: "psql", args, signal })).toBe("1\n");
    await chmod(file, 0o644);
    await expect(openUrl(bare, { PGPASSFILE: file })).rejects.toThrow(/No password|password/);
  });

  it("puts the password into no argument", async () => {
    const access = await openUrl(server.url("postgres"));
    const { argv } = await access.command("pg_dump", ["--dbname", "postgres"]);
    expect(argv.join(" ")).not.toContain(server.target.password);
  });

  it.each([
    [
      "a wrong password",
      (s: TestServer) => s.url("postgres").replace("test-server", "wr%40ng"),
      /password/,
      /right password of postgres/,
    ],
    ["no password", (s: TestServer) => s.url("postgres").replace(":test-server", ""), /password/, /Set PGPASSWORD/],
    [
      "a missing database",
      (s: TestServer) => s.url("nowhere"),
      /"nowhere" does not exist/,
      /Name a database that exists/,
    ],
    [
      "nobody there",
      () => "postgresql://u:secret-1@127.0.0.1:1/d",
      /127\.0\.0\.1:1 does not let u into d/,
      /Nothing listens/,
    ],
    [
      "an unknown host",
      () => "postgresql://u:secret-1@no-such-host.invalid/d",
      /no-such-host\.invalid/,
      /Check the host's name/,
    ],
    [
      "TLS that is not there",
      (s: TestServer) => `${s.url("postgres")}?sslmode=require`,
      /does not support SSL/,
      /sslmode=disable/,
    ],
  ])("says what to do about %s", async (_, url, message, hint) => {
    const env = { PGPASSFILE: "/no/such/file" };
    const error = await openUrl(url(server), env).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "POSTGRES_UNREACHABLE",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/test-server|wr@ng|wr%40ng|secret-1/);
  });
});

describe("by URL over TLS", () => {
  const fixture = (name: string): string => repositoryPath(`test/fixtures/tls/${name}`);
  let server: TestServer;
  let directory: TemporaryDirectory;
  beforeAll(async () => {
    directory = await createTemporaryDirectory();
    const key = join(directory.path, "server.key");
    await copyFile(fixture("server.key"), key);
    await chmod(key, 0o600);
    const nobody = io.host.uid === 0 ? await io.host.user("nobody") : undefined;
    await chown(key, nobody?.uid ?? io.host.uid, nobody?.gid ?? io.host.gid);
    const certificate = join(directory.path, "server.crt");
    await copyFile(fixture("server.crt"), certificate);
    server = await startTestServer(17, {
      settings: ["ssl=on", `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`, "fsync=off"],
    });
    await writeFile(join(server.dataDirectory, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n");
    const session = await openUrl(server.url("postgres")).then((access) => access.connect("postgres", signal));
    await session.query("select pg_reload_conf()");
    await session.close();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await directory.remove();
  });
  const { signal } = new AbortController();
  const query = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
  const isEncrypted = async (more: string): Promise<readonly unknown[]> => {
    const access = await openUrl(`${server.url("postgres").replace("127.0.0.1", "localhost")}?${more}`);
    const session = await access.connect("postgres", signal);
    const [row] = await session.query(query);
    await session.close();
    const args = ["--no-psqlrc", "-At", "--dbname", "postgres", "-c", query];
    return [row?.["ssl"], (await access.run({ program: "psql", args, signal })).trim()];
  };

  it.each([
    "hostaddr=127.0.0.1&sslmode=allow",
    "hostaddr=127.0.0.1",
    "hostaddr=127.0.0.1&sslmode=require",
    `hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=${fixture("ca.crt")}`,
  ])("%s encrypts sessions and client programs", async (more) => {
    expect(await isEncrypted(more)).toEqual([true, "t"]);
  });

  it.each([
    ["sslmode=disable", /no encryption/, /sslmode=require/],
    ["sslmode=verify-full", /certificate/, /sslrootcert/],
    ["sslmode=require&sslrootcert=/no/such/ca.crt", /no such file/, /sslrootcert/],
  ])("%s does not get in, and says why", async (more, message, hint) => {
    const error = await openUrl(`${server.url("postgres")}?${more}`).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "POSTGRES_UNREACHABLE",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it("does not take a certificate of another name", async () => {
    const url = `${server.url("postgres").replace("127.0.0.1", "other.example")}?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=${fixture("ca.crt")}`;
    await expect(openUrl(url)).rejects.toThrow(/other\.example/);
    const access = await openUrl(url.replace("verify-full", "verify-ca"));
    expect(access.label).toContain("other.example");
  });
});

describe("natively", () => {
  let home: StackHome;
  let access: ServerAccess;
  beforeAll(async () => {
    home = await createStackHome();
    const project = join(home.directory, "p");
    await mkdir(project);
    home.onEndBringDown(project);
    await writeFile(
      join(project, "compose.yaml"),
      "services:\n  db:\n    image: postgres:17\n    environment: { POSTGRES_USER: own, POSTGRES_PASSWORD: drifted }\n",
    );
    const up = await home.run(project, "up");
    if (up.exitCode !== 0) throw new Error(up.stderr);
    const ports = { ...io, host: { ...io.host, env: home.env, cwd: project } };
    const loaded = loadProject(io.sources, requestFor({ cwd: project, env: home.env }));
    const session = await openNativeSession(
      {
        ports,
        resources: repositoryPath("resources"),
        supervisorEntry: repositoryPath("dist/supervisor.js"),
        postgresDependency: undefined,
        version: "0.1.0",
        emit: () => undefined,
        signal: new AbortController().signal,
      },
      loaded,
      resolveTopology(loaded, io.sources),
    );
    access = openServerAccess(session, "db");
  });
  afterAll(() => home[Symbol.asyncDispose]());
  describeServerAccess(() => ({ access, other: access }));
});
