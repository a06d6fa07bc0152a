import { ToolError } from "../core/tool-error.ts";
import type { NativeSession } from "../engine/native/native-session.ts";
import type { DockerSession } from "../engine/docker/docker-session.ts";
import type { EngineHome, Session } from "../engine/session.ts";
import type { ServerAccess } from "../ports/server-access.ts";
import { writeBackup, type BackupSource, type BackupSummary } from "../postgres/archive/write-backup.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import { appsOfDatabase } from "./apps-of-database.ts";
import { copyCold } from "./copy-cold.ts";
import { findData } from "./find-data.ts";
import { findForgottenData } from "./find-forgotten-data.ts";
import { placeCopy } from "./place-copy.ts";
import { withRunningServers, type RunningServer } from "./with-running-servers.ts";

export interface ProjectBackupRequest {
  /** Absolute; must not exist. Copies of data directories lie beside it. */
  readonly path: string;
  /** Only databases of these applications, or of these names; empty: all, and data whose service is gone. */
  readonly apps: readonly string[];
  readonly verify: boolean;
  /** The project with its volumes is to be removed. */
  readonly goes: boolean;
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
  const forgotten = request.apps.length > 0 ? [] : await findForgottenData(session, request.goes);
  if (servers.length === 0 && forgotten.length === 0) return undefined;
  const copies: string[] = [];
  try {
    for (const { name, copyTo } of forgotten) copies.push(await placeCopy(files, request.path, name, copyTo));
    if (servers.length === 0) return { archive: undefined, copies };
    return await withRunningServers(home, session, servers, async (running) => {
      const sources = await listSources(session, running, request.apps);
      for (const one of running) {
        if (one.failure !== undefined) copies.push(await copyCold(session, request.path, one));
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
