import { dirname, join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { Ports } from "../../ports/ports.ts";
import type { DatabaseServer } from "../../topology/topology.ts";
import { endAbandonedServer, stagingDirectory } from "./end-abandoned-server.ts";
import { runInitScripts } from "./run-init-scripts.ts";

export interface PostgresDataRequest {
  readonly server: DatabaseServer;
  readonly serverBin: string;
  readonly clientBin: string;
  readonly dataDirectory: string;
  readonly socketDirectory: string;
  readonly port: number;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  /** Account names that may log in over the socket as the superuser without a password: ours and the units'. */
  readonly systemUsers: readonly string[];
  /** Files of `/docker-entrypoint-initdb.d`, absolute, in name order. */
  readonly initScripts: readonly string[];
  readonly initdbArguments: readonly string[];
  /** The service's environment, for init scripts. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Makes an empty data directory a cluster as the image's entrypoint does: initdb with the bootstrap superuser, the
 * database, then the init scripts once. Built beside and renamed, so that an interrupted start leaves no half cluster.
 * A cluster that is there already is only checked: another major is ToolError POSTGRES_DATA_MAJOR. True when made.
 */
export async function preparePostgresData(
  io: Pick<Ports, "files" | "processes" | "clock">,
  request: PostgresDataRequest,
): Promise<boolean> {
  const { server, dataDirectory, owner } = request;
  const version = await io.files.readTextIfPresent(join(dataDirectory, "PG_VERSION"));
  if (version !== undefined) {
    assertMajor(server, version.trim(), dataDirectory);
    await writeAccess(io, request, dataDirectory);
    return false;
  }
  const present = (await io.files.exists(dataDirectory)) ? await io.files.list(dataDirectory) : [];
  if (present.length > 0) {
    throw new ToolError(
      "POSTGRES_FAILED",
      `${dataDirectory} of ${server.service} is neither empty nor a PostgreSQL data directory.`,
      {
        hint: `Move its content away: ls ${dataDirectory}`,
      },
    );
  }
  if (server.password === undefined && server.authMethod !== "trust") {
    throw new ToolError(
      "POSTGRES_FAILED",
      `${server.service} has no POSTGRES_PASSWORD; PostgreSQL's image refuses to start without one.`,
      {
        hint: "Set POSTGRES_PASSWORD in the service's environment.",
        exitCode: 1,
      },
    );
  }
  const staging = stagingDirectory(dataDirectory);
  await endAbandonedServer(io, dataDirectory, request.signal);
  await io.files.remove(staging);
  await io.files.makeDirectory(dirname(staging));
  await io.files.makeDirectory(staging, { mode: 0o700, ...(owner === undefined ? {} : { owner }) });
  try {
    await initialise(io, request, staging);
    await io.files.remove(dataDirectory);
    await io.files.rename(staging, dataDirectory);
  } catch (error) {
    await io.files.remove(staging);
    throw error;
  }
  return true;
}

function assertMajor(server: DatabaseServer, found: string, directory: string): void {
  if (found === String(server.major)) return;
  throw new ToolError(
    "POSTGRES_DATA_MAJOR",
    `The data of ${server.service} in ${directory} is PostgreSQL ${found}'s; the file asks for ${server.major}. A server opens its own major only.`,
    {
      hint: `Set the image back to postgres:${found}, or dump there and load into a new volume.`,
      detail: { found, wanted: server.major },
    },
  );
}

async function initialise(
  io: Pick<Ports, "files" | "processes">,
  request: PostgresDataRequest,
  staging: string,
): Promise<void> {
  const { server, owner, signal } = request;
  const env = { LANG: "C.UTF-8", LC_ALL: "C.UTF-8", PATH: `${request.serverBin}:/usr/bin:/bin`, HOME: staging };
  const owned = owner === undefined ? {} : { owner };
  const passwordFile = `${staging}.password`;
  // Who may log in is written below; initdb wants a superuser's password for anything but trust.
  const hasPassword = server.password !== undefined && server.password !== "";
  const logins = hasPassword
    ? ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--pwfile", passwordFile]
    : ["--auth=trust"];
  const locale =
    server.major >= 17
      ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
      : ["--locale=C.UTF-8"];
  try {
    await io.files.writeText(passwordFile, `${server.password ?? ""}\n`, { mode: 0o600, ...owned });
    await runChecked(io, server.service, {
      argv: [
        join(request.serverBin, "initdb"),
        "-D",
        staging,
        "-U",
        server.superuser,
        "--encoding=UTF8",
        // Written to disk once, below, instead of after each step.
        "--no-sync",
        ...locale,
        ...logins,
        ...request.initdbArguments,
      ],
      env,
      ...owned,
      signal,
    });
  } finally {
    await io.files.remove(passwordFile);
  }
  if (server.database !== "postgres") {
    // Single-user mode needs no server that something would have to stop again.
    await runChecked(io, server.service, {
      argv: [join(request.serverBin, "postgres"), "--single", "-F", "-D", staging, "postgres"],
      input: `CREATE DATABASE "${server.database.replaceAll('"', '""')}"\n`,
      env,
      ...owned,
      signal,
    });
  }
  await runChecked(io, server.service, {
    argv: [join(request.serverBin, "initdb"), "--sync-only", "-D", staging],
    env,
    ...owned,
    signal,
  });
  await writeAccess(io, request, staging);
  if (request.initScripts.length > 0) await runInitScripts(io, { ...request, dataDirectory: staging });
}

type RunRequest = Parameters<Ports["processes"]["run"]>[0];

async function runChecked(io: Pick<Ports, "processes">, service: string, request: RunRequest): Promise<void> {
  const result = await io.processes.run({ ...request, cwd: "/" });
  request.signal?.throwIfAborted();
  // Single-user mode exits 0 whatever its statement did, and says ERROR on stderr.
  const failed = result.exitCode !== 0 || /^.*\b(ERROR|FATAL):/m.test(result.stderr);
  if (!failed) return;
  const last = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-5).join("\n");
  throw new ToolError("POSTGRES_FAILED", `PostgreSQL could not make the data directory of ${service}:\n${last}`);
}

/**
 * Who may log in how: passwords over the network as the image has it; over the socket (0700) our own accounts as the
 * superuser by peer, which is what repairs a drifted password and takes backups.
 */
async function writeAccess(io: Pick<Ports, "files">, request: PostgresDataRequest, directory: string): Promise<void> {
  const { server, owner } = request;
  const method = server.authMethod;
  const owned = owner === undefined ? {} : { owner };
  const hba = [
    `local all ${quote(server.superuser)} peer map=bulkhead`,
    `local all all ${method === "trust" ? "trust" : "scram-sha-256"}`,
    `local replication ${quote(server.superuser)} peer map=bulkhead`,
    `host all all all ${method}`,
  ];
  const ident = request.systemUsers.map((user) => `bulkhead ${quote(user)} ${quote(server.superuser)}`);
  await writeIfDifferent(io, join(directory, "pg_hba.conf"), `${hba.join("\n")}\n`, owned);
  await writeIfDifferent(io, join(directory, "pg_ident.conf"), `${ident.join("\n")}\n`, owned);
}

async function writeIfDifferent(
  io: Pick<Ports, "files">,
  path: string,
  text: string,
  owned: { owner?: { uid: number; gid: number } },
): Promise<void> {
  if ((await io.files.readTextIfPresent(path)) !== text)
    await io.files.writeText(path, text, { mode: 0o600, ...owned });
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
