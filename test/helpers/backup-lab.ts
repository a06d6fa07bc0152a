import { join } from "node:path";
import { createNodePorts } from "../../src/node/node-ports.ts";
import type { ServerAccess } from "../../src/ports/server-access.ts";
import { openArchive } from "../../src/postgres/archive/read-archive.ts";
import { restoreBackup } from "../../src/postgres/archive/restore-backup.ts";
import { writeBackup, type BackupRequest } from "../../src/postgres/archive/write-backup.ts";
import { openTestAccess } from "./open-test-access.ts";
import { createTemporaryDirectory } from "./temporary-directory.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const io = createNodePorts();
const { signal } = new AbortController();

/** A server of 17 with the database `app`, and a backup of it. */
export interface BackupLab extends AsyncDisposable {
  readonly server: TestServer;
  readonly access: ServerAccess;
  /** Absolute; holds `file` and what a test puts there. */
  readonly directory: string;
  readonly file: string;
  /** The names of all databases, and how many rows `app` has. */
  state(): Promise<{ readonly databases: readonly string[]; readonly rows: number }>;
}

export async function startBackupLab(): Promise<BackupLab> {
  const server = await startTestServer(17);
  const directory = await createTemporaryDirectory();
  const file = join(directory.path, "good.tar");
  await server.query("postgres", "create database app");
  await server.query("app", "create table kept as select i, md5(i::text) as text from generate_series(1, 200000) i");
  const access = await openLabAccess(server);
  await backUpTo(access, file, ["app"]);
  return {
    server,
    access,
    directory: directory.path,
    file,
    state: async () => {
      const databases = await server.query("postgres", "select datname::text as name from pg_database order by 1");
      const [kept] = await server.query("app", "select count(*)::int as n from kept");
      return { databases: databases.map(({ name }) => String(name)), rows: Number(kept?.["n"]) };
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await directory.remove();
    },
  };
}

/** As the superuser. */
export function openLabAccess(server: TestServer): Promise<ServerAccess> {
  return openTestAccess(server.url("postgres"), signal);
}

/** Backs these databases up; one that is called `closed` lets nobody in. */
export async function backUpTo(
  access: ServerAccess,
  path: string,
  names: readonly string[],
  more: Partial<BackupRequest> = {},
): Promise<Awaited<ReturnType<typeof writeBackup>>> {
  return writeBackup(io, {
    path,
    project: "p",
    version: "0.0.0",
    sources: [{ access, databases: names.map((name) => ({ name, apps: [], isClosed: name === "closed" })) }],
    verify: false,
    emit: () => undefined,
    signal,
    ...more,
  });
}

/** Restores everything in the file to the server. */
export async function restoreFrom(
  access: ServerAccess,
  file: string,
): Promise<Awaited<ReturnType<typeof restoreBackup>>> {
  const archive = await openArchive(io.files, file);
  await using work = await createTemporaryDirectory();
  try {
    const targets = archive.manifest.servers.map((from) => ({ access, from, databases: from.databases }));
    return await restoreBackup(io, {
      archive,
      targets,
      workDirectory: join(work.path, "w"),
      emit: () => undefined,
      signal,
    });
  } finally {
    await archive.close();
  }
}
