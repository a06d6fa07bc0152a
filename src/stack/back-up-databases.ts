import { join } from "node:path";

import { ToolError } from "../core/tool-error.ts";
import { findSupervisor, type NativeSession } from "../engine/native/native-session.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import type { EngineHome, Session } from "../engine/session.ts";
import type { ServerAccess } from "../ports/server-access.ts";
import { writeBackup, type BackupSource, type BackupSummary } from "../postgres/archive/write-backup.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import { appsOfDatabase } from "./apps-of-database.ts";
import { copyDataDirectory } from "./copy-data-directory.ts";
import { dataDirectoryOf } from "./data-directory-of.ts";
import { findData } from "./find-data.ts";
import { withRunningServers, type RunningServer } from "./with-running-servers.ts";

export interface ProjectBackupRequest {
  /** Absolute; must not exist. Copies of data directories lie beside it. */
  readonly path: string;
  /** Only databases of these applications, or of these names; empty: all, and volumes whose service is gone. */
  readonly apps: readonly string[];
  readonly verify: boolean;
}

export interface ProjectBackup {
  /** Undefined when no server could be asked. */
  readonly archive: BackupSummary | undefined;
  /** Data directories that were copied as they are, absolute. */
  readonly copies: readonly string[];
}

/**
 * Backs up every database of every PostgreSQL service that has data into one file, or undefined when none has. Servers that do
 * not run are started for it and stopped again; of one that cannot start, or whose service is no longer in the file, the data
 * directory is copied. What fails or is interrupted leaves no files. ToolError POSTGRES_FAILED when a server can neither be
 * asked nor copied, SERVICE_UNKNOWN for an application that has no database here.
 */
export async function backUpDatabases(
  home: EngineHome & { readonly nodeDirectory: string },
  session: NativeSession | DockerSession,
  request: ProjectBackupRequest,
): Promise<ProjectBackup | undefined> {
  const { files } = session.home.ports;
  const servers = await findData(session);
  // Compose removes the volumes of the file only.
  const forgotten = request.apps.length > 0 || session.engine === "docker" ? [] : await listForgottenVolumes(session);
  if (servers.length === 0 && forgotten.length === 0) return undefined;
  const copies: string[] = [];
  try {
    if (session.engine === "native")
      for (const volume of forgotten) copies.push(await copyForgotten(session, request, volume));
    if (servers.length === 0) return { archive: undefined, copies };
    return await withRunningServers(home, session, servers, async (running) => {
      const sources = await listSources(session, running, request.apps);
      for (const one of running) {
        if (one.failure !== undefined) copies.push(await copyCold(session, request, one.server, one.failure));
      }
      if (sources.length === 0) return { archive: undefined, copies };
      const { emit, signal, version } = session.home;
      const archive = await writeBackup(session.home.ports, {
        path: request.path,
        project: session.project.name,
        version,
        sources,
        verify: request.verify,
        emit,
        signal,
      });
      return { archive, copies };
    });
  } catch (error) {
    for (const copy of copies) await files.remove(copy);
    throw error;
  }
}

async function listSources(
  session: Session,
  running: readonly RunningServer[],
  apps: readonly string[],
): Promise<readonly BackupSource[]> {
  const found = new Set<string>();
  const sources: BackupSource[] = [];
  for (const { server, access } of running) {
    if (access === undefined) continue;
    const databases = [];
    for (const { name, isClosed } of await listDatabases(session, access, server)) {
      const users = appsOfDatabase(session.topology, server.service, name);
      const words = [name, ...users.flatMap(({ id, product }) => [id, product])];
      const named = apps.filter((app) => words.includes(app));
      for (const app of named) found.add(app);
      if (apps.length === 0 || named.length > 0) databases.push({ name, isClosed, apps: users });
    }
    if (databases.length > 0) sources.push({ access, databases });
  }
  const missing = apps.filter((app) => !found.has(app));
  if (missing.length === 0) return sources;
  const known = session.topology.apps.map(({ id }) => id).join(", ");
  throw new ToolError("SERVICE_UNKNOWN", `No database of ${session.project.name} is ${missing.join(", ")}'s.`, {
    hint: known === "" ? "bulkhead db backup" : `Its applications: ${known}. All databases: bulkhead db backup`,
    detail: { missing },
  });
}

async function listDatabases(
  session: Session,
  access: ServerAccess,
  server: DatabaseServer,
): Promise<readonly { readonly name: string; readonly isClosed: boolean }[]> {
  const connection = await access.connect("postgres", session.home.signal);
  try {
    const rows = await connection.query(
      "select datname as name, datallowconn as open from pg_database where not datistemplate order by datname",
    );
    // `postgres` is every server's own maintenance database; it is the project's only where the file says so.
    const isOwn = (name: string): boolean =>
      name !== "postgres" ||
      server.database === name ||
      appsOfDatabase(session.topology, server.service, name).length > 0;
    return rows
      .map((row) => ({ name: String(row["name"]), isClosed: row["open"] !== true }))
      .filter(({ name }) => isOwn(name));
  } finally {
    await connection.close();
  }
}

/** Volumes with a cluster that no service of the file uses any more: their service was renamed or taken out. */
async function listForgottenVolumes(session: NativeSession): Promise<readonly string[]> {
  const { files } = session.home.ports;
  const { volumes } = session.layout;
  if (!(await files.exists(volumes))) return [];
  const used = session.topology.servers.map((server) => dataDirectoryOf(session, server));
  const forgotten: string[] = [];
  for (const name of await files.list(volumes)) {
    const path = join(volumes, name);
    const isCluster = !used.includes(path) && (await files.exists(join(path, "PG_VERSION")));
    if (isCluster) forgotten.push(name);
  }
  return forgotten;
}

/** What the file no longer says cannot be started: its unit, if one still runs, is ended and its data copied. */
async function copyForgotten(session: NativeSession, request: ProjectBackupRequest, volume: string): Promise<string> {
  const { signal } = session.home;
  const client = await findSupervisor(session);
  try {
    for (const { service } of (await client?.status(signal)) ?? []) {
      if (session.project.services[service] === undefined) await client?.stop(service, { signal });
    }
  } finally {
    client?.close();
  }
  return copyData(session, request, join(session.layout.volumes, volume), volume);
}

async function copyCold(
  session: NativeSession | DockerSession,
  request: ProjectBackupRequest,
  server: DatabaseServer,
  failure: Error,
): Promise<string> {
  const { service } = server;
  try {
    if (session.engine === "docker") throw new Error("it lies in a volume of Docker");
    const copy = await copyData(session, request, dataDirectoryOf(session, server) ?? "", service);
    session.home.emit({
      type: "warning",
      service,
      message: `${service} does not start, so its data directory was copied as it is: ${copy}`,
      hint: `PostgreSQL ${server.major} opens it. To use it, copy it to the service's volume while the project is stopped.`,
    });
    return copy;
  } catch (error) {
    session.home.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new ToolError(
      "POSTGRES_FAILED",
      `${service} does not start (${failure.message.split("\n")[0]}) and its data cannot be copied: ${reason}`,
      {
        hint: "Nothing was removed. To remove the volumes without a backup: bulkhead down -v --no-backup",
        exitCode: 1,
        cause: failure,
      },
    );
  }
}

/** `FILE.NAME.data` beside the archive, under another name until it is whole. */
async function copyData(
  session: NativeSession,
  { path }: ProjectBackupRequest,
  from: string,
  name: string,
): Promise<string> {
  const { files } = session.home.ports;
  const copy = `${path.replace(/\.tar$/, "")}.${name}.data`;
  const unfinished = `${copy}.unfinished`;
  try {
    await copyDataDirectory(files, from, unfinished);
    await files.rename(unfinished, copy);
    return copy;
  } catch (error) {
    await files.remove(unfinished);
    throw error;
  }
}
