import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findRelease } from "../../src/catalog/find-release.ts";
import { mlflowRequirements } from "../../src/catalog/mlflow/requirements.ts";
import { mlflowReleases } from "../../src/catalog/mlflow/versions.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { nodeSources } from "../../src/node/node-sources.ts";
import { isSqlFailure, type SqlSession } from "../../src/ports/sql.ts";
import { ensurePythonEnvironment } from "../../src/supply/ensure-python-environment.ts";
import { resolveTopology } from "../../src/topology/resolve-topology.ts";
import type { Connection, DatabaseServer } from "../../src/topology/topology.ts";
import { freePort } from "./fault-project.ts";
import { fixtureJudge, judgeFixture } from "./rule-fixture.ts";
import { repositoryPath } from "./source-files.ts";
import { createStackHome } from "./stack-home.ts";
import { supplyContext } from "./supply-context.ts";

/** What a rule announces of a connection, and what SQLAlchemy prints that opens it. */
export interface ProvokedConnection {
  readonly consequences: readonly string[];
  readonly output: string;
}

/** A PostgreSQL server and MLflow's Python, for connections as the fixtures write them. */
export interface ConnectionLab extends AsyncDisposable {
  /**
   * Opens MLflow's database of test/fixtures/rules/RULE/NAME. The server has the login and the database that the fixture's
   * image makes; any other service of the fixture has a name here, and nothing that listens.
   */
  open(rule: string, name: string): Promise<ProvokedConnection>;
}

const io = createNodePorts();

const script = "import sqlalchemy, sys\nsqlalchemy.create_engine(sys.stdin.read()).connect()\n";

/** `drivers`: the pip lines beside MLflow's own. */
export async function createConnectionLab(drivers: readonly string[]): Promise<ConnectionLab> {
  const home = await createStackHome();
  const project = join(home.directory, "lab");
  await mkdir(project);
  await writeFile(join(project, "compose.yaml"), serverText);
  home.onEndBringDown(project);
  const { stdout } = await home.run(project, "up", "--auto-ports", "--json");
  const port = Number(/"url": "[^"]*:(\d+)/.exec(stdout)?.[1]);
  const session = await io.sql.connect({ host: "127.0.0.1", port, user: "lab", password: "k3Lm9", database: "lab" });
  if (isSqlFailure(session)) throw new Error(`${session.reason}: ${stdout}`);
  const python = await installPython(home.directory, drivers);
  return {
    open: async (rule, name) => {
      const directory = repositoryPath(`test/fixtures/rules/${rule}/${name}`);
      const { connection, servers } = readFixture(directory);
      for (const server of servers) await createAsImageDoes(session, server);
      const unused = await freePort();
      const { stdout: out, stderr } = spawnSync(python, ["-c", script], {
        ...addressed(connection, port, unused),
        encoding: "utf8",
        timeout: 600_000,
      });
      const findings = judgeFixture(directory).filter((finding) => finding.rule === rule);
      return {
        consequences: findings.flatMap(({ consequence }) => consequence ?? []),
        output: (out + stderr).replaceAll(`port ${unused} `, `port ${connection.port} `),
      };
    },
    [Symbol.asyncDispose]: async () => {
      await session.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

const serverText = `services:
  db:
    image: postgres:17
    environment: { POSTGRES_USER: lab, POSTGRES_PASSWORD: k3Lm9 }
`;

async function installPython(directory: string, drivers: readonly string[]): Promise<string> {
  const version = "3.17.2";
  const installed = await ensurePythonEnvironment(
    await supplyContext(),
    {
      product: "mlflow",
      version,
      preferredPython: undefined,
      supportedPython: findRelease(mlflowReleases, version).supportedPython,
      base: mlflowRequirements(version),
      extras: drivers,
      resolvedAsOf: undefined,
    },
    { projectLockFile: join(directory, "bulkhead.lock") },
  );
  return join(installed.directory, "bin/python");
}

function readFixture(directory: string): { connection: Connection; servers: readonly DatabaseServer[] } {
  const { project } = fixtureJudge(directory, [])(nodeSources).outcome;
  const topology = project && resolveTopology(project, nodeSources);
  const connection = topology?.connections.find(({ service, role }) => service === "mlflow" && role === "metadata");
  if (topology === undefined || connection === undefined) throw new Error(`${directory} has no MLflow with a database`);
  return { connection, servers: topology.servers };
}

/** The superuser with its password, and the database; nothing of an earlier fixture. */
async function createAsImageDoes(session: SqlSession, server: DatabaseServer): Promise<void> {
  const { superuser, database, password = "" } = server;
  await session.query(`DROP DATABASE IF EXISTS "${database}"`);
  await session.query(`DROP ROLE IF EXISTS "${superuser}"`);
  await session.query(`CREATE ROLE "${superuser}" SUPERUSER LOGIN PASSWORD '${password.replaceAll("'", "''")}'`);
  await session.query(`CREATE DATABASE "${database}" OWNER "${superuser}"`);
}

/**
 * The URL as it is written, but for the server's address; libpq takes PGHOSTADDR instead of asking for the name. Where
 * nothing is to listen the port is an unused one: something else of this machine may have the written one.
 */
function addressed(
  connection: Connection,
  port: number,
  unused: number,
): { input: string; env: Record<string, string> } {
  const { text, host, server, target, url } = connection;
  if (server !== undefined && connection.port === 5432)
    return { input: text.text.replace(`@${host}:5432`, `@127.0.0.1:${port}`), env: {} };
  const [start, end] = url?.port === undefined ? [0, 0] : (url.spans.port ?? [0, 0]);
  const input = end === 0 ? text.text : `${text.text.slice(0, start)}${unused}${text.text.slice(end)}`;
  const env = { PGPORT: `${unused}`, ...(target?.kind === "service" ? { PGHOSTADDR: unusedAddress } : {}) };
  return { input, env };
}

/** An address of this machine at which nothing listens that listens on 127.0.0.1. */
const unusedAddress = "127.0.0.77";
